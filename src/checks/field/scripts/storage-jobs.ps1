# Virtual disks and storage jobs of the storage pool that this server sees.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
Get-VirtualDisk |
  Select-Object FriendlyName, HealthStatus, @{ Name = 'OperationalStatus'; Expression = { $_.OperationalStatus -join ' ' } } |
  ConvertTo-Csv -NoTypeInformation
$jobs = @(Get-StorageJob | Select-Object Name, JobState, PercentComplete, BytesProcessed, BytesTotal,
  @{ Name = 'ElapsedSeconds'; Expression = { if ($_.ElapsedTime) { [int]$_.ElapsedTime.TotalSeconds } else { '' } } })
if ($jobs.Count -eq 0) { Write-Output 'no jobs' } else { $jobs | ConvertTo-Csv -NoTypeInformation }
