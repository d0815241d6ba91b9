# The build of Windows, its last start, and the versions of the named drivers. Changes nothing.
# -drivers: file names apart by commas, looked for in System32\drivers.
param([string]$drivers = '')
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
$build = Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
Write-Output ('os=' + $build.CurrentMajorVersionNumber + '.' + $build.CurrentMinorVersionNumber + '.' + $build.CurrentBuildNumber + '.' + $build.UBR)
$system = Get-CimInstance -ClassName Win32_OperatingSystem
Write-Output ('name=' + $system.Caption)
Write-Output ('booted=' + $system.LastBootUpTime.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ'))
foreach ($file in $drivers.Split(',')) {
  if ($file -notmatch '^[A-Za-z0-9._-]+\.sys$') { continue }
  $path = Join-Path -Path $env:SystemRoot -ChildPath ('System32\drivers\' + $file)
  $version = 'none'
  if (Test-Path -LiteralPath $path) {
    $info = [Diagnostics.FileVersionInfo]::GetVersionInfo($path)
    $version = '' + $info.FileMajorPart + '.' + $info.FileMinorPart + '.' + $info.FileBuildPart + '.' + $info.FilePrivatePart
  }
  Write-Output ('driver.' + $file.ToLowerInvariant() + '=' + $version)
}
