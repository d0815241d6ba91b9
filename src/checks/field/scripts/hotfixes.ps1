# The updates of this server.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
Get-HotFix | Select-Object CSName, HotFixID | ConvertTo-Csv -NoTypeInformation
