# Warnings and errors of the Hyper-V management service in the last two days.
$ErrorActionPreference = 'Stop'
Write-Output 'drillbook-output-begins'
$wanted = @{ LogName = 'Microsoft-Windows-Hyper-V-VMMS-Admin'; Level = 1, 2, 3; StartTime = (Get-Date).AddDays(-2) }
try { $found = @(Get-WinEvent -FilterHashtable $wanted -MaxEvents 20) }
catch { if ($_.FullyQualifiedErrorId -notmatch 'NoMatchingEventsFound') { throw }; $found = @() }
$events = @($found | Select-Object Id,
    @{ Name = 'TimeCreated'; Expression = { $_.TimeCreated.ToUniversalTime().ToString('o') } },
    @{ Name = 'Message'; Expression = { $text = $_.Message -replace '\s+', ' '; $text.Substring(0, [Math]::Min(120, $text.Length)) } })
if ($events.Count -eq 0) { Write-Output 'no events' } else { $events | ConvertTo-Csv -NoTypeInformation }
