# Every node of the failover cluster that this server belongs to.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
Get-ClusterNode |
  Select-Object Name, State, NodeWeight, DynamicWeight, DrainStatus |
  ConvertTo-Csv -NoTypeInformation
