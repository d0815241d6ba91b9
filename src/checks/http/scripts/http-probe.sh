#!/bin/sh
# Drillbook HTTP probe, POSIX form. Reads nothing but its parameter, writes nothing but its answer.
#
# `requests` (environment variable, as Azure run command passes it, or first argument) is base64 over one line a request:
#   id  address  port  tls  timeout-ms  max-bytes  bytes-in-base64  wants        apart by tabs
# tls is "-" for plain TCP, "*" for TLS without a server name, otherwise the server name. Each request is one exchange:
# connect, send the bytes as they are, keep what comes back. No redirect is followed, no proxy used, no certificate judged.
# wants is "-", or "certificate": then the handshake is made, nothing sent, and the certificate told.
# Printed is one line a request and a last line "end <count>":
#   id  outcome  connect-ms  tls-ms  first-byte-ms  total-ms  total-bytes  received-in-base64  certificate
# -1: it never came to that; tls-ms is the handshake by itself. certificate is "-", or apart by commas: protocol, "-" or why this
# server does not trust it, subjects of the chain (base64, one a line), and the server's own certificate (DER in base64, empty
# when larger than 2,250 bytes, because a run command keeps 4 KB of what is printed).
#
# The exchange is made by Python, which Azure's Linux agent brings along: nc and openssl s_client differ too much between
# distributions in how they end a connection to be trusted with a verdict.
requests="${requests:-${1:-}}"
export requests
if [ -z "$requests" ]; then
  echo "http-probe: no requests were given" >&2
  exit 2
fi
for python in python3 /usr/libexec/platform-python python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 4))' >/dev/null 2>&1; then
    break
  fi
  python=""
done
if [ -z "$python" ]; then
  echo "http-probe: this server has no Python 3.4 or newer" >&2
  exit 3
fi
exec "$python" -I -W ignore - <<'PROBE'
import base64, ipaddress, os, socket, ssl, sys, time

QUIET = 0.3
MOST = 65536
LARGEST = 2250
CHAIN = 480
SHORT = {"commonName": "CN", "organizationName": "O", "organizationalUnitName": "OU", "countryName": "C", "localityName": "L", "stateOrProvinceName": "ST"}


def has_head(data):
    return b"\r\n\r\n" in data or b"\n\n" in data


# The platform's own servers answer a test server too, with what no evidence should hold. A name may lead there.
PLATFORM = [ipaddress.ip_network(one) for one in ("169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fe80::/10", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fd00:ec2::254/128", "::a9fe:0/112", "::a83f:8110/128")]


class Forbidden(Exception):
    pass


def place_of(address, port):
    family, _kind, _proto, _name, place = socket.getaddrinfo(address, port, 0, socket.SOCK_STREAM)[0]
    ip = ipaddress.ip_address(place[0].split("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if any(ip.version == one.version and ip in one for one in PLATFORM):
        raise Forbidden()
    return family, place


def connected(where, timeout):
    family, place = where
    raw = socket.socket(family, socket.SOCK_STREAM)
    try:
        raw.settimeout(timeout)
        raw.connect(place)
    except BaseException:
        raw.close()
        raise
    return raw


def secured(raw, name, verified=False):
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if verified else ssl.CERT_NONE
    if verified:
        context.load_default_certs()
    try:
        # As lenient as a balancer's probe: old servers are taken as they are.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
    except (AttributeError, ValueError, ssl.SSLError):
        pass
    return context.wrap_socket(raw, server_hostname=None if name == "*" else name)


def chain_of(stream):
    # Python tells what was sent beside the server's own certificate from 3.10 on.
    try:
        sent = [one.get_info() for one in stream._sslobj.get_unverified_chain()]
        named = [", ".join("%s=%s" % (SHORT.get(key, key), value) for part in one.get("subject", ()) for key, value in part) for one in sent]
        return "\n".join(subject.replace("\n", " ")[:90] for subject in named[:5])
    except (AttributeError, TypeError, ValueError, ssl.SSLError):
        return ""


def distrust(where, tls, timeout):
    stream = None
    try:
        stream = connected(where, timeout)
        stream = secured(stream, tls, True)
        return "-"
    except ssl.SSLError as fault:
        return str(getattr(fault, "verify_code", "not trusted"))
    except (OSError, ValueError):
        return "not looked at"
    finally:
        if stream is not None:
            stream.close()


def shown(stream, where, tls, timeout):
    leaf = stream.getpeercert(True) or b""
    kept = leaf if len(leaf) <= LARGEST else b""
    parts = [str(stream.version()), distrust(where, tls, timeout)]
    return ",".join(parts + [base64.b64encode(text).decode("ascii") for text in (chain_of(stream).encode("utf-8")[:CHAIN], kept)])


def exchange(address, port, tls, timeout, payload, wants):
    begun = time.monotonic()
    answer = {"outcome": "unreachable", "connect": -1, "tls": -1, "first": -1, "data": b"", "certificate": "-"}

    def since():
        return int(round((time.monotonic() - begun) * 1000))

    def left():
        return max(0.001, timeout - (time.monotonic() - begun))

    stream = None
    phase = "connect"
    try:
        where = place_of(address, port)
        stream = connected(where, left())
        answer["connect"] = since()
        if tls != "-":
            phase = "tls"
            stream.settimeout(left())
            before = since()
            stream = secured(stream, tls)
            answer["tls"] = since() - before
        phase = "read"
        if wants == "certificate":
            if tls != "-":
                answer["certificate"] = shown(stream, where, tls, left())
            answer["outcome"] = "answered"
            return answer
        stream.settimeout(left())
        stream.sendall(payload)
        while len(answer["data"]) < MOST:
            if since() >= timeout * 1000:
                raise socket.timeout()
            stream.settimeout(min(left(), QUIET) if has_head(answer["data"]) else left())
            chunk = stream.recv(16384)
            if not chunk:
                break
            if answer["first"] < 0:
                answer["first"] = since()
            answer["data"] += chunk
        answer["outcome"] = "answered" if answer["data"] else "closed"
    except socket.timeout:
        answer["outcome"] = "answered" if has_head(answer["data"]) else "timed-out"
    except Forbidden:
        answer["outcome"] = "forbidden"
    except ConnectionRefusedError:
        answer["outcome"] = "refused"
    except (OSError, ValueError) as fault:
        if answer["data"]:
            answer["outcome"] = "answered"
        elif phase == "tls":
            answer["outcome"] = "tls-failed"
        elif isinstance(fault, (ConnectionResetError, BrokenPipeError)):
            answer["outcome"] = "reset"
        elif isinstance(fault, ssl.SSLError):
            answer["outcome"] = "closed"
    finally:
        if stream is not None:
            stream.close()
        answer["total"] = since()
    return answer


lines = base64.b64decode(os.environ["requests"]).decode("utf-8").split("\n")
for line in lines:
    ident, address, port, tls, timeout, most, payload, wants = line.split("\t")
    a = exchange(address, int(port), tls, int(timeout) / 1000.0, base64.b64decode(payload), wants)
    kept = base64.b64encode(a["data"][: int(most)]).decode("ascii")
    print("\t".join([ident, a["outcome"], str(a["connect"]), str(a["tls"]), str(a["first"]), str(a["total"]), str(len(a["data"])), kept, a["certificate"]]))
print("end\t%d" % len(lines))
sys.stdout.flush()
PROBE
