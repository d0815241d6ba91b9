# Drillbook HTTP probe, PowerShell form (Windows PowerShell 5.1 and PowerShell 7). Reads nothing but its parameter, writes
# nothing but its answer. State of proof: written against the .NET documentation and never yet run by its authors; the
# POSIX form beside it is tested against real servers. Rehearse it on one test server before a drill rests on it.
#
# -requests is base64 over one line a request:
#   id  address  port  tls  timeout-ms  max-bytes  bytes-in-base64  wants        apart by tabs
# tls is "-" for plain TCP, "*" for TLS without a server name, otherwise the server name. Each request is one exchange:
# connect, send the bytes as they are, keep what comes back. No redirect is followed, no proxy used, no certificate judged.
# wants is "-", or "certificate": then the handshake is made, nothing sent, and the certificate told.
# Printed is one line a request and a last line "end <count>":
#   id  outcome  connect-ms  tls-ms  first-byte-ms  total-ms  total-bytes  received-in-base64  certificate
# -1: it never came to that; tls-ms is the handshake by itself. certificate is "-", or apart by commas: protocol, "-" or why this
# server does not trust it, subjects of the chain (base64, one a line), and the server's own certificate (DER in base64, empty
# when larger than 2,250 bytes, because a run command keeps 4 KB of what is printed).
param([string]$requests = '')

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$quietMs = 300
$mostBytes = 65536
$latin1 = [Text.Encoding]::GetEncoding(28591)
$largestBytes = 2250
$chainBytes = 480
# TLS 1.0 to 1.2: a balancer's probe takes old servers as they are. By number, because older .NET names them otherwise; 1.3 is left
# out because Windows before Server 2022 refuses a handshake that asks for it.
$anyTls = [Security.Authentication.SslProtocols]4032
$script:wants = '-'
$script:seen = $null
# Takes every certificate, and keeps what was shown. Runs on the calling thread because AuthenticateAsClient is synchronous: a
# script block has no runspace elsewhere.
$takeAnyCertificate = [Net.Security.RemoteCertificateValidationCallback] {
  param($s, $certificate, $chain, $errors)
  $script:seen = $null
  if ($script:wants -eq 'certificate' -and $null -ne $certificate) { $script:seen = Get-Shown $certificate $chain $errors }
  return $true
}

function Test-Head([IO.MemoryStream]$received) {
  $text = $latin1.GetString($received.ToArray())
  return ($text.Contains("`r`n`r`n") -or $text.Contains("`n`n"))
}

function Get-Shown($certificate, $chain, $errors) {
  $der = $certificate.GetRawCertData()
  $subjects = New-Object Collections.Generic.List[string]
  $subjects.Add([string]$certificate.Subject)
  $distrust = '-'
  if ($null -ne $chain) {
    # What the server sent beside its own certificate; the chain that Windows built may hold more.
    foreach ($sent in $chain.ChainPolicy.ExtraStore) {
      if ($subjects.Count -lt 5 -and -not $subjects.Contains([string]$sent.Subject)) { $subjects.Add([string]$sent.Subject) }
    }
    # A name that does not fit is judged elsewhere; only the chain is trusted or not here.
    if (([int]$errors -band 4) -ne 0) {
      $distrust = 'not trusted'
      foreach ($status in $chain.ChainStatus) { $distrust = [string]$status.Status; break }
    }
  }
  $lines = New-Object Collections.Generic.List[string]
  foreach ($subject in $subjects) {
    $flat = $subject.Replace("`r", ' ').Replace("`n", ' ')
    $lines.Add($flat.Substring(0, [Math]::Min(90, $flat.Length)))
  }
  $named = [Text.Encoding]::UTF8.GetBytes([string]::Join("`n", $lines.ToArray()))
  $text = [Convert]::ToBase64String($named, 0, [Math]::Min($chainBytes, $named.Length))
  $leaf = ''
  if ($der.Length -le $largestBytes) { $leaf = [Convert]::ToBase64String($der) }
  return @{ distrust = $distrust.Replace(',', ' '); chain = $text; leaf = $leaf }
}

# The platform's own servers answer a test server too, with what no evidence should hold. A name may lead there.
function Test-Platform([Net.IPAddress]$ip) {
  $part = $ip.GetAddressBytes()
  if ($part.Length -eq 16) {
    $hex = [BitConverter]::ToString($part).Replace('-', '')
    if ($hex.StartsWith('00000000000000000000FFFF') -or $hex.StartsWith('000000000000000000000000')) { $part = $part[12..15] }
    else {
      # fe80::/10, 64:ff9b::/96, 64:ff9b:1::/48, 2002::/16 and fd00:ec2::254
      $linkLocal = $part[0] -eq 254 -and ($part[1] -band 192) -eq 128
      return ($linkLocal -or $hex.StartsWith('0064FF9B0000000000000000') -or $hex.StartsWith('0064FF9B0001') -or $hex.StartsWith('2002') -or $hex -eq 'FD000EC2000000000000000000000254')
    }
  }
  $four = $part -join '.'
  return ($four.StartsWith('169.254.') -or $four -eq '168.63.129.16' -or $four -eq '100.100.100.200' -or $four -eq '192.0.0.192')
}

function Get-Protocol($secure) {
  switch ([int]$secure.SslProtocol) {
    192 { return 'TLSv1' }
    768 { return 'TLSv1.1' }
    3072 { return 'TLSv1.2' }
    12288 { return 'TLSv1.3' }
    default { return [string]$secure.SslProtocol }
  }
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

function Invoke-Exchange([string]$address, [int]$port, [string]$tls, [int]$timeoutMs, [byte[]]$payload, [string]$wants) {
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $received = New-Object IO.MemoryStream
  $buffer = New-Object byte[] 16384
  $connectMs = -1
  $tlsMs = -1
  $firstByteMs = -1
  $certificate = '-'
  $outcome = 'unreachable'
  $phase = 'connect'
  $client = $null
  try {
    $ip = [Net.Dns]::GetHostAddresses($address)[0]
    if (Test-Platform $ip) {
      return @{ outcome = 'forbidden'; connectMs = -1; tlsMs = -1; firstByteMs = -1; totalMs = 0; received = $received; certificate = '-' }
    }
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
      $script:wants = $wants
      $before = [int]$watch.ElapsedMilliseconds
      $secure.AuthenticateAsClient($name, $null, $anyTls, $false)
      $tlsMs = [int]$watch.ElapsedMilliseconds - $before
      $stream = $secure
    }
    $phase = 'read'
    if ($wants -eq 'certificate') {
      if ($tls -ne '-' -and $null -ne $script:seen) {
        $certificate = (Get-Protocol $secure), $script:seen.distrust, $script:seen.chain, $script:seen.leaf -join ','
      }
      return @{ outcome = 'answered'; connectMs = $connectMs; tlsMs = $tlsMs; firstByteMs = -1; totalMs = [int]$watch.ElapsedMilliseconds; received = $received; certificate = $certificate }
    }
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
  # The stream and not its bytes: an empty array would come back as nothing.
  return @{ outcome = $outcome; connectMs = $connectMs; tlsMs = $tlsMs; firstByteMs = $firstByteMs; totalMs = [int]$watch.ElapsedMilliseconds; received = $received; certificate = $certificate }
}

if ($requests -eq '') {
  [Console]::Error.WriteLine('http-probe: no requests were given')
  exit 2
}
$lines = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($requests)).Split([char]10)
foreach ($line in $lines) {
  $field = $line.Split([char]9)
  $a = Invoke-Exchange $field[1] ([int]$field[2]) $field[3] ([int]$field[4]) ([Convert]::FromBase64String($field[6])) $field[7]
  $all = [int]$a.received.Length
  $text = [Convert]::ToBase64String($a.received.ToArray(), 0, [Math]::Min([int]$field[5], $all))
  Write-Output ($field[0], $a.outcome, $a.connectMs, $a.tlsMs, $a.firstByteMs, $a.totalMs, $all, $text, $a.certificate -join "`t")
}
Write-Output ("end`t" + $lines.Length)
exit 0
