# Health and room of every fixed volume.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
Get-Volume |
  Where-Object { $_.DriveType -eq 'Fixed' } |
  Select-Object DriveLetter, FileSystemLabel, FileSystem, HealthStatus, SizeRemaining, Size |
  ConvertTo-Csv -NoTypeInformation
