#!/bin/sh
# Drillbook HTTP probe, POSIX form. Reads nothing but its parameter, writes nothing but its answer.
#
# `requests` (environment variable, as Azure run command passes it, or first argument) is base64 over one line a request:
#   id  address  port  tls  timeout-ms  max-bytes  bytes-in-base64        apart by tabs
# tls is "-" for plain TCP, "*" for TLS without a server name, otherwise the server name. Each request is one exchange:
# connect, send the bytes as they are, keep what comes back. No redirect is followed, no proxy used, no certificate judged.
# Printed is one line a request and a last line "end <count>":
#   id  outcome  connect-ms  first-byte-ms  total-ms  total-bytes  received-in-base64        -1: it never came to that
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
import base64, os, socket, ssl, sys, time

QUIET = 0.3
MOST = 65536


def has_head(data):
    return b"\r\n\r\n" in data or b"\n\n" in data


def secured(raw, name):
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        # As lenient as a balancer's probe: old servers are taken as they are.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
    except (AttributeError, ValueError, ssl.SSLError):
        pass
    return context.wrap_socket(raw, server_hostname=None if name == "*" else name)


def exchange(address, port, tls, timeout, payload):
    begun = time.monotonic()
    answer = {"outcome": "unreachable", "connect": -1, "first": -1, "data": b""}

    def since():
        return int(round((time.monotonic() - begun) * 1000))

    def left():
        return max(0.001, timeout - (time.monotonic() - begun))

    stream = None
    phase = "connect"
    try:
        stream = socket.create_connection((address, port), left())
        answer["connect"] = since()
        if tls != "-":
            phase = "tls"
            stream.settimeout(left())
            stream = secured(stream, tls)
        phase = "read"
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
    ident, address, port, tls, timeout, most, payload = line.split("\t")
    a = exchange(address, int(port), tls, int(timeout) / 1000.0, base64.b64decode(payload))
    kept = base64.b64encode(a["data"][: int(most)]).decode("ascii")
    print("\t".join([ident, a["outcome"], str(a["connect"]), str(a["first"]), str(a["total"]), str(len(a["data"])), kept]))
print("end\t%d" % len(lines))
sys.stdout.flush()
PROBE
