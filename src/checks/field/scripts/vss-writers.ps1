# Lists the volume shadow copy writers, without the ids that would not fit into the output.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
& "$env:SystemRoot\System32\vssadmin.exe" list writers |
  Where-Object { $_ -match '^\s*(Writer name|State|Last error):' } |
  ForEach-Object { $_.Trim() }
if ($LASTEXITCODE -ne 0) { throw "vssadmin ended with $LASTEXITCODE" }
