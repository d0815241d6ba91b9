# What Hyper-V Replica says of every virtual machine of this host.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
Measure-VMReplication |
  Select-Object Name, State, Health,
    @{ Name = 'LReplTime'; Expression = { if ($_.LReplTime) { $_.LReplTime.ToUniversalTime().ToString('o') } else { '' } } },
    PReplSize, AvgLatency |
  ConvertTo-Csv -NoTypeInformation
