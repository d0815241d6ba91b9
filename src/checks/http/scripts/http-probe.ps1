# Drillbook HTTP probe, PowerShell form (Windows PowerShell 5.1 and PowerShell 7). Reads nothing but its parameter, writes
# nothing but its answer. State of proof: written against the .NET documentation and never yet run on Windows by its authors;
# the POSIX form beside it is tested against real servers. Rehearse it on one test server before a drill rests on it.
#
# -requests is base64 over one line a request:
#   id  address  port  tls  timeout-ms  max-bytes  bytes-in-base64        apart by tabs
# tls is "-" for plain TCP, "*" for TLS without a server name, otherwise the server name. Each request is one exchange:
# connect, send the bytes as they are, keep what comes back. No redirect is followed, no proxy used, no certificate judged.
# Printed is one line a request and a last line "end <count>":
#   id  outcome  connect-ms  first-byte-ms  total-ms  total-bytes  received-in-base64        -1: it never came to that
param([string]$requests = '')

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$quietMs = 300
$mostBytes = 65536
$latin1 = [Text.Encoding]::GetEncoding(28591)
# Runs on the calling thread because AuthenticateAsClient is synchronous: a script block has no runspace elsewhere.
$takeAnyCertificate = [Net.Security.RemoteCertificateValidationCallback] { param($s, $certificate, $chain, $errors) $true }

function Test-Head([IO.MemoryStream]$received) {
  $text = $latin1.GetString($received.ToArray())
  return ($text.Contains("`r`n`r`n") -or $text.Contains("`n`n"))
}

function Get-Fault([Exception]$thrown) {
  for ($e = $thrown; $null -ne $e; $e = $e.InnerException) {
    if ($e -is [Net.Sockets.SocketException]) {
      switch ([string]$e.SocketErrorCode) {
        'ConnectionRefused' { return 'refused' }
        'ConnectionReset' { return 'reset' }
        'ConnectionAborted' { return 'reset' }
        'TimedOut' { return 'timed-out' }
        default { return 'unreachable' }
      }
    }
  }
  return 'unknown'
}

function Invoke-Exchange([string]$address, [int]$port, [string]$tls, [int]$timeoutMs, [byte[]]$payload) {
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $received = New-Object IO.MemoryStream
  $buffer = New-Object byte[] 16384
  $connectMs = -1
  $firstByteMs = -1
  $outcome = 'unreachable'
  $phase = 'connect'
  $client = $null
  try {
    $ip = [Net.Dns]::GetHostAddresses($address)[0]
    $client = New-Object Net.Sockets.TcpClient($ip.AddressFamily)
    $connecting = $client.BeginConnect($ip, $port, $null, $null)
    if (-not $connecting.AsyncWaitHandle.WaitOne($timeoutMs)) { throw (New-Object Net.Sockets.SocketException(10060)) }
    $client.EndConnect($connecting)
    $connectMs = [int]$watch.ElapsedMilliseconds
    $left = [int][Math]::Max(1, $timeoutMs - $watch.ElapsedMilliseconds)
    $client.ReceiveTimeout = $left
    $client.SendTimeout = $left
    $stream = $client.GetStream()
    if ($tls -ne '-') {
      $phase = 'tls'
      $secure = New-Object Net.Security.SslStream($stream, $false, $takeAnyCertificate)
      # An address in place of a name makes SChannel send no server name at all.
      $name = $tls
      if ($tls -eq '*') { $name = $ip.ToString() }
      $secure.AuthenticateAsClient($name, $null, [Security.Authentication.SslProtocols]::Tls12, $false)
      $stream = $secure
    }
    $phase = 'read'
    $stream.Write($payload, 0, $payload.Length)
    $stream.Flush()
    while ($received.Length -lt $mostBytes) {
      $left = $timeoutMs - $watch.ElapsedMilliseconds
      if ($left -le 0) { throw (New-Object Net.Sockets.SocketException(10060)) }
      if (Test-Head $received) { $left = [Math]::Min($left, $quietMs) }
      $client.ReceiveTimeout = [int]$left
      $count = $stream.Read($buffer, 0, $buffer.Length)
      if ($count -eq 0) { break }
      if ($firstByteMs -lt 0) { $firstByteMs = [int]$watch.ElapsedMilliseconds }
      $received.Write($buffer, 0, $count)
    }
    $outcome = 'closed'
    if ($received.Length -gt 0) { $outcome = 'answered' }
  } catch {
    $fault = Get-Fault $_.Exception
    if ($fault -eq 'timed-out') {
      $outcome = 'timed-out'
      if (Test-Head $received) { $outcome = 'answered' }
    }
    elseif ($received.Length -gt 0) { $outcome = 'answered' }
    elseif ($phase -eq 'tls') { $outcome = 'tls-failed' }
    elseif ($fault -ne 'unknown') { $outcome = $fault }
    elseif ($phase -eq 'read') { $outcome = 'closed' }
  } finally {
    if ($null -ne $client) { $client.Close() }
  }
  return @{ outcome = $outcome; connectMs = $connectMs; firstByteMs = $firstByteMs; totalMs = [int]$watch.ElapsedMilliseconds; bytes = $received.ToArray() }
}

if ($requests -eq '') {
  [Console]::Error.WriteLine('http-probe: no requests were given')
  exit 2
}
$lines = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($requests)).Split([char]10)
foreach ($line in $lines) {
  $field = $line.Split([char]9)
  $a = Invoke-Exchange $field[1] ([int]$field[2]) $field[3] ([int]$field[4]) ([Convert]::FromBase64String($field[6]))
  $kept = [Math]::Min([int]$field[5], $a.bytes.Length)
  $text = [Convert]::ToBase64String($a.bytes, 0, $kept)
  Write-Output ($field[0], $a.outcome, $a.connectMs, $a.firstByteMs, $a.totalMs, $a.bytes.Length, $text -join "`t")
}
Write-Output ("end`t" + $lines.Length)
exit 0
