#!/usr/bin/env python3
"""Checks a Drillbook bundle as docs/evidence-format.md says, with nothing but the standard library of Python.

    python3 verify_bundle.py bundle.zip [--key drillbook.pub] [--earlier bundle or checkpoint] [--card text] [--fingerprint hex]

Exits with 0 (intact, signer known), 1 (broken), 3 (consistent, signer unknown) or 4 (intact but for what was erased), as `drillbook verify` does.
"""

import base64
import hashlib
import json
import re
import struct
import sys
import zlib

NAMES = re.compile(
    rb"README\.txt|checkpoint\.txt|drill\.json|events\.jsonl|heads\.txt|inclusion\.txt|key\.pem|leaves\.txt"
    rb"|manifest\.sig|manifest\.txt|records\.jsonl|report\.html|report\.json|requests\.jsonl|runbook\.md|timeline\.csv|verify_bundle\.py|anchor\.(?:tsr|json)|blobs/[0-9a-f]{64}"
)
REQUIRED = ["README.txt", "drill.json", "events.jsonl", "heads.txt", "key.pem", "manifest.sig", "manifest.txt", "report.html", "runbook.md"]
DRILL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
DEEPEST = 100
LARGEST = 2**53 - 1


class Broken(Exception):
    def __init__(self, where, why):
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


def sha(data):
    return hashlib.sha256(data).digest()


# The container -----------------------------------------------------------------------------------------------------


def read_container(data):
    """Reads entries from byte 0, then makes the whole zip again: it must come out the same, to the last byte."""
    files, at, last = {}, 0, b""
    while data[at : at + 4] == b"PK\x03\x04":
        if at + 30 > len(data):
            raise Broken("container", "a local header is cut off")
        size, = struct.unpack_from("<I", data, at + 22)
        length, = struct.unpack_from("<H", data, at + 26)
        name = data[at + 30 : at + 30 + length]
        if not NAMES.fullmatch(name):
            raise Broken(f"container, byte {at}", "names no file of a bundle")
        start = at + 30 + length
        if start + size > len(data):
            raise Broken(f"container, {name.decode()}", "is cut off")
        if name <= last:
            raise Broken(f"container, {name.decode()}", "is out of order or there twice")
        last = name
        files[name.decode()] = data[start : start + size]
        at = start + size
    if not files:
        raise Broken("container", "this is no zip that Drillbook wrote")
    again = write_container(files)
    if again != data:
        n = next((i for i, (a, b) in enumerate(zip(again, data)) if a != b), min(len(again), len(data)))
        raise Broken(f"container, byte {n}", "is not what the one form of a bundle has there")
    return files


def write_container(files):
    parts, directory, offset = [], [], 0
    for name, content in files.items():
        raw = name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, 0x0800, 0, 0, 0x0021, zlib.crc32(content), len(content), len(content), len(raw), 0)
        local = b"PK\x03\x04" + common + raw
        parts += [local, content]
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw)
        offset += len(local) + len(content)
    listing = b"".join(directory)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(listing), offset, 0)
    return b"".join(parts) + listing + end


# RFC 8785 ----------------------------------------------------------------------------------------------------------


def canonical(value, depth=0):
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        value.encode("utf-8")  # refuses half characters
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError("an integer too large to be exact")
        return str(value)
    if isinstance(value, float):
        return number(value)
    if depth >= DEEPEST:
        raise ValueError("nests too deep")
    if isinstance(value, list):
        return "[" + ",".join(canonical(v, depth + 1) for v in value) + "]"
    members = sorted(value.items(), key=lambda m: m[0].encode("utf-16-be"))
    return "{" + ",".join(canonical(k) + ":" + canonical(v, depth + 1) for k, v in members) + "}"


def number(value):
    """As ECMAScript writes it: Python finds the same shortest digits, and puts the point elsewhere."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("no number")
    if value == int(value):
        if abs(value) > LARGEST:
            raise ValueError("an integer too large to be exact")
        return str(int(value))
    sign, digits, exponent = re.fullmatch(r"(-?)([0-9.]+)(?:e([+-][0-9]+))?", repr(value)).groups()
    whole, _, rest = digits.partition(".")
    if rest == "0":
        rest = ""
    point = len(whole) + int(exponent or 0)
    plain = (whole + rest).lstrip("0")
    point -= len(whole + rest) - len(plain)
    plain = plain.rstrip("0")
    if 0 < point <= 21:
        return sign + (plain + "0" * (point - len(plain)) if len(plain) <= point else plain[:point] + "." + plain[point:])
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + plain
    tail = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + plain[0] + ("." + plain[1:] if len(plain) > 1 else "") + tail


def read_canonical(data, where):
    try:
        text = data.decode("utf-8")
        value = json.loads(text)
        if canonical(value) == text:
            return value
    except (ValueError, RecursionError):
        pass
    raise Broken(where, "is not JSON in its canonical form")


# The chain ---------------------------------------------------------------------------------------------------------


def follow(data):
    if data[-1:] != b"\n":
        raise Broken("events.jsonl", "is empty, or its last line has no end")
    heads, named, launch, end, references, erased, requests = [], set(), None, None, {}, set(), hashlib.sha256()
    for seq, line in enumerate(data[:-1].split(b"\n"), 1):
        where = f"events.jsonl, event {seq}"
        event = read_canonical(line, where)
        if not isinstance(event, dict):
            raise Broken(where, "is not an object")
        require_event(event, seq, launch, where)
        if seq == 1:
            launch = event
            head = sha(b"drillbook/chain/1/genesis\n" + event["drill"].encode())
        if event["type"] == "drill.ended":
            end = event
        head = sha(b"drillbook/chain/1/event\n" + head + sha(line))
        heads.append(head.hex())
        collect(event, named)
        if event["v"] > 1:
            for ref, commitment in references_in(event):
                if references.setdefault(ref, commitment) != commitment:
                    raise Broken(where, f"gives {ref} another commitment than an event before it")
        for request in event["requests"] if isinstance(event.get("requests"), list) else []:
            about = {key: event[key] if isinstance(event.get(key), str) else None for key in ("operation", "step")}
            requests.update((canonical({"event": seq, "request": request, **about}) + "\n").encode())
        if event["type"] == "record.erased":
            for key in ("records", "blobs"):
                erased.update(one for one in event.get(key) or [] if isinstance(one, str)) if isinstance(event.get(key), list) else None
    return {"launch": launch, "end": end, "heads": heads, "named": named, "references": references, "erased": erased, "requests": requests.digest()}


ONE = ("by", "owner", "to", "from", "person", "reason", "text", "statement", "message", "name", "conversation")
LATER = ("audience", "criterion", "sha256", "card")


def references_in(event):
    """The places where people and texts may stand by reference, and no others."""
    lists = [event.get("approvers"), event.get("people")] + (list(event["roles"].values()) if isinstance(event.get("roles"), dict) else [])
    values = [event.get(key) for key in (ONE + LATER if event["v"] > 2 else ONE)] + [value for one in lists if isinstance(one, list) for value in one]
    if event["v"] > 2 and isinstance(event.get("personal"), list) and isinstance(event.get("values"), dict):
        values += [event["values"].get(name) for name in event["personal"] if isinstance(name, str)]
    return [(v["ref"], v["sha256"]) for v in values if is_reference(v)]


def is_reference(value):
    if not isinstance(value, dict) or set(value) != {"ref", "sha256"}:
        return False
    ref, commitment = value["ref"], value["sha256"]
    return bool(isinstance(ref, str) and re.fullmatch(r"[pth]-[A-Za-z0-9_-]{22}", ref) and isinstance(commitment, str) and re.fullmatch(r"[0-9a-f]{64}", commitment))


def require_records(files, history):
    """How many records and stored files are gone by an event's word."""
    references, erased, given, last = history["references"], history["erased"], set(), ""
    data = files.get("records.jsonl")
    if data is not None and data[-1:] != b"\n":
        raise Broken("records.jsonl", "is empty, or its last line has no end")
    for number_, line in enumerate(data[:-1].split(b"\n") if data else [], 1):
        where = f"records.jsonl, line {number_}"
        record = read_canonical(line, where)
        if not isinstance(record, dict) or set(record) != {"ref", "salt", "value"} or not isinstance(record["ref"], str) or not isinstance(record["salt"], str) or not re.fullmatch(r"[0-9a-f]{64}", record["salt"]):
            raise Broken(where, "is no record")
        ref = record["ref"]
        if ref not in references:
            raise Broken(where, f"is of {ref}, which no event names")
        if ref <= last:
            raise Broken(where, f"stands out of order after {last}")
        last = ref
        given.add(ref)
        if ref.startswith("h-"):
            if not isinstance(record["value"], str) or not re.fullmatch(r"[0-9a-f]{64}", record["value"]):
                raise Broken(where, "is of a stored file, and holds no SHA-256")
            history["named"].add(record["value"])
            if "blobs/" + record["value"] not in files:
                raise Broken("blobs/" + record["value"], f"is missing, and {ref} names it")
        if sha(b"drillbook/record/1\n" + bytes.fromhex(record["salt"]) + canonical(record["value"]).encode()).hex() != references[ref]:
            raise Broken(where, f"does not fit the commitment that an event holds for {ref}")
    missing = set(references) - given
    if missing - erased:
        raise Broken("records.jsonl", f"lacks {sorted(missing - erased)[0]}, and no event says that it was erased")
    if given & erased:
        raise Broken("records.jsonl", f"still holds {sorted(given & erased)[0]}, which an event says was erased")
    return len(missing) + len([h for h in erased if h in history["named"] and h not in references and "blobs/" + h not in files])


def require_event(event, seq, launch, where):
    version = event.get("v")
    if not any(is_one(version, known) for known in (1, 2, 3)):
        raise Broken(where, "has a version that this program does not know")
    if not is_one(event.get("seq"), seq):
        raise Broken(where, f"carries number {event.get('seq')}")
    drill, at, by, kind = (event.get(key) for key in ("drill", "at", "by", "type"))
    if not isinstance(drill, str) or not DRILL_ID.fullmatch(drill) or (launch is not None and launch["drill"] != drill):
        raise Broken(where, "belongs to another drill")
    if not isinstance(at, str) or not INSTANT.fullmatch(at):
        raise Broken(where, "has no time in UTC")
    if "by" not in event or (by is not None and not (is_reference(by) if version > 1 else isinstance(by, dict) and isinstance(by.get("id"), str))):
        raise Broken(where, "names nobody in its field by")
    if not isinstance(kind, str) or (kind == "drill.launched") != (seq == 1):
        raise Broken(where, "a drill starts with drill.launched, once")
    if seq == 1:
        runbook = event.get("runbook")
        texts = [event.get("mode"), event.get("purpose")] + ([runbook.get(k) for k in ("id", "hash", "title")] if isinstance(runbook, dict) else [None])
        if not all(isinstance(text, str) for text in texts):
            raise Broken(where, "lacks mode, purpose, or the runbook's id, hash or title")


def is_one(value, wanted):
    return isinstance(value, int) and not isinstance(value, bool) and value == wanted


def collect(value, named):
    if isinstance(value, str):
        if re.fullmatch(r"[0-9a-f]{64}", value):
            named.add(value)
    elif isinstance(value, (dict, list)):
        for member in value.values() if isinstance(value, dict) else value:
            collect(member, named)


# What stands beside the events -------------------------------------------------------------------------------------


def require_files(files, history):
    heads, launch, end = history["heads"], history["launch"], history["end"]
    summary = {
        "format": 1, "drill": launch["drill"], "mode": launch["mode"], "purpose": launch["purpose"],
        "runbook": {key: launch["runbook"][key] for key in ("id", "hash", "title")},
        "startedAt": launch["at"], "endedAt": end["at"] if end else None, "result": end["result"] if end else None,
        "events": len(heads), "head": heads[-1],
    }
    if files["drill.json"] != (canonical(summary) + "\n").encode():
        raise Broken("drill.json", "does not say what the events say")
    if sha(files["runbook.md"]).hex() != launch["runbook"]["hash"]:
        raise Broken("runbook.md", "is not the runbook that the first event names")
    for included in launch["runbook"].get("includes") or [] if launch["v"] > 2 else []:
        if isinstance(included, dict) and isinstance(included.get("hash"), str) and "blobs/" + included["hash"] not in files:
            raise Broken("blobs/" + included["hash"], "is missing: it is a runbook that was included")
    if "requests.jsonl" in files and sha(files["requests.jsonl"]) != history["requests"]:
        raise Broken("requests.jsonl", "does not hold the requests that the events tell of")
    for name, content in files.items():
        if name.startswith("blobs/"):
            if sha(content).hex() != name[6:]:
                raise Broken(name, "does not hold the bytes that its name promises")
            if name[6:] not in history["named"]:
                raise Broken(name, "is named by no event")
    lines = ["drillbook bundle 1", f"drill {launch['drill']}", f"mode {launch['mode']}", f"events {len(heads)}", f"head {heads[-1]}"]
    lines += [f"file {sha(c).hex()} {len(c)} {n}" for n, c in files.items() if n not in ("manifest.txt", "manifest.sig")]
    found = files["manifest.txt"].split(b"\n")
    for number_, line in enumerate("\n".join(lines + [""]).encode().split(b"\n"), 1):
        if number_ > len(found) or found[number_ - 1] != line:
            raise Broken(f"manifest.txt, line {number_}", "does not say what the bundle holds")
    if len(found) != len(lines) + 1:
        raise Broken("manifest.txt", "goes on after its end")


def require_heads(data, heads):
    found, expected = data.split(b"\n"), [head.encode() for head in heads] + [b""]
    for i, head in enumerate(expected):
        if i >= len(found) or found[i] != head:
            damaged = i + 1 < len(heads) and i + 1 < len(found) and found[i + 1] == expected[i + 1]
            if damaged or i >= len(heads):
                raise Broken(f"heads.txt, line {i + 1}", "is not the head after that event")
            raise Broken(f"events.jsonl, event {i + 1}", "does not lead to the head that heads.txt keeps for it")
    if len(found) != len(expected):
        raise Broken("heads.txt", "goes on after the last event")


# ECDSA on P-256 ----------------------------------------------------------------------------------------------------

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def double(p):
    """In Jacobian coordinates; a point with z = 0 is the one at infinity."""
    x, y, z = p
    delta, gamma = z * z % P, y * y % P
    beta, alpha = x * gamma % P, 3 * (x - delta) * (x + delta) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % P, ((y + z) ** 2 - gamma - delta) % P


def add(p, q):
    if p[2] == 0 or q[2] == 0:
        return q if p[2] == 0 else p
    (x1, y1, z1), (x2, y2, z2) = p, q
    u1, u2 = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    s1, s2 = y1 * z2**3 % P, y2 * z1**3 % P
    if u1 == u2:
        return double(p) if s1 == s2 else (1, 1, 0)
    h, r = (u2 - u1) % P, (s2 - s1) % P
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, h * z1 * z2 % P


def signature_why(text, der, point):
    """Why the signature is refused; None when it holds."""
    if not 8 <= len(der) <= 72 or der[0] != 0x30 or der[1] != len(der) - 2:
        return "is no DER signature"
    r, at = der_integer(der, 2)
    s, end = der_integer(der, at) if r is not None else (None, 0)
    if r is None or s is None or end != len(der):
        return "is no DER signature in its shortest form"
    if s > N // 2:
        return "has the larger of the two possible values of s"
    x, y = int.from_bytes(point[:32], "big"), int.from_bytes(point[32:], "big")
    if x >= P or y >= P or (y * y - x**3 + 3 * x - B) % P != 0:
        return "is checked with a key that is no point of the curve"
    if not 0 < r < N or s == 0:
        return "does not fit"
    w = pow(s, -1, N)
    u, v = int.from_bytes(sha(text), "big") * w % N, r * w % N
    q = (x, y, 1)
    table, total = [(1, 1, 0), G, q, add(G, q)], (1, 1, 0)
    for bit in range(255, -1, -1):
        total = add(double(total), table[(u >> bit & 1) | (v >> bit & 1) << 1])
    if total[2] == 0 or total[0] * pow(total[2], -2, P) % P % N != r:
        return "does not fit"
    return None


def der_integer(der, at):
    if at + 2 > len(der) or der[at] != 2:
        return None, at
    length = der[at + 1]
    digits = der[at + 2 : at + 2 + length]
    if not 1 <= length <= 33 or len(digits) != length or digits[0] >= 0x80 or (length > 1 and digits[0] == 0 and digits[1] < 0x80):
        return None, at
    return int.from_bytes(digits, "big"), at + 2 + length


def read_key(pem):
    der = pem_bytes(pem)
    if der is None or len(der) != 91 or not der.startswith(SPKI):
        raise Broken("key.pem", "is no P-256 public key in PEM")
    body = base64.b64encode(der).decode()
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    if pem != ("-----BEGIN PUBLIC KEY-----\n" + "\n".join(lines) + "\n-----END PUBLIC KEY-----\n").encode():
        raise Broken("key.pem", "is not in the one form a bundle uses")
    return der


def pem_bytes(pem):
    block = re.search(rb"-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----", pem)
    try:
        return base64.b64decode(block[1]) if block else None
    except ValueError:
        return None


def exact_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data) == text else None


# The checkpoint ----------------------------------------------------------------------------------------------------

CHECKPOINT = re.compile(
    r"((drillbook/(rehearsal|drills)/[0-9a-f]{16})\n(0|[1-9][0-9]{0,8})\n([A-Za-z0-9+/]{43}=)\n"
    r"time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)\nsigner (local key|Azure Key Vault)\n"
    r"(?:clock (?:0|-?[1-9][0-9]{0,8})\n)?(?:restored (drillbook/(?:rehearsal|drills)/[0-9a-f]{16}) (?:0|[1-9][0-9]{0,8}) [0-9a-f]{64}\n)?)"
    r"\n\u2014 ([^ +\n]{1,100}) ([A-Za-z0-9+/]+={0,2})\n"
)
INCLUSION = re.compile(rb"drillbook inclusion 1\nevent ([1-9][0-9]{0,8})\nindex (0|[1-9][0-9]{0,8})\nsize ([1-9][0-9]{0,8})\n((?:[0-9a-f]{64}\n){0,31})")


def read_checkpoint(data, spki, where):
    match = CHECKPOINT.fullmatch(data.decode("utf-8", "replace"))
    if not match:
        raise Broken(where, "is not a checkpoint in its one form")
    text, origin, log, size, root, time, _signer, restored, name, signature = match.groups()
    root, signed = exact_base64(root.encode()), exact_base64(signature.encode())
    if name != origin or root is None or signed is None:
        raise Broken(where, "is not a checkpoint in its one form")
    if signed[:4] != sha(spki)[:4]:
        raise Broken(where, "is signed by another key")
    why = signature_why(text.encode(), signed[4:], spki[27:])
    if why:
        raise Broken(where, f"has a signature that {why}")
    return {"origin": origin, "log": log, "size": int(size), "root": root, "time": time, "restored": restored}


def read_leaves(data):
    if not re.fullmatch(rb"(?:[0-9a-f]{64}\n)*", data):
        raise Broken("leaves.txt", "is not one hash a line")
    return [bytes.fromhex(line.decode()) for line in data.split(b"\n")[:-1]]


def tree_root(leaves):
    """RFC 6962, 2.1: split at the greatest power of two below the size."""
    if not leaves:
        return sha(b"")
    while len(leaves) > 1:
        # Level by level: a node without a sibling goes up as it is, which is the same split.
        leaves = [sha(b"\1" + leaves[i] + leaves[i + 1]) if i + 1 < len(leaves) else leaves[i] for i in range(0, len(leaves), 2)]
    return leaves[0]


def require_leaves(files, covered):
    if "leaves.txt" not in files:
        return
    if covered is None:
        raise Broken("leaves.txt", "is there, and no checkpoint is")
    leaves = read_leaves(files["leaves.txt"])
    if len(leaves) != covered["size"]:
        raise Broken("leaves.txt", f"has {len(leaves)} lines, the checkpoint {covered['size']} entries")
    if tree_root(leaves) != covered["root"]:
        raise Broken("leaves.txt", "does not lead to the checkpoint's root")


def require_going_on(earlier, files, history, covered, spki):
    """The bundle must go on from a bundle or a checkpoint that was kept from before."""
    if earlier[:2] == b"PK":
        before = read_container(earlier)
        kept = follow(before["events.jsonl"])
        if kept["launch"]["drill"] == history["launch"]["drill"]:
            for i, head in enumerate(kept["heads"]):
                if i >= len(history["heads"]) or history["heads"][i] != head:
                    raise Broken(f"events.jsonl, event {i + 1}", "is not the one in the earlier bundle")
        if "checkpoint.txt" not in before:
            raise Broken("earlier bundle", "has no checkpoint")
        earlier = before["checkpoint.txt"]
    checkpoint = read_checkpoint(earlier, spki, "earlier checkpoint")
    if covered is None:
        raise Broken("checkpoint.txt", "is missing: without it nothing leads from the earlier checkpoint here")
    if covered["origin"] != checkpoint["origin"]:
        raise Broken("checkpoint.txt", f"is of {covered['origin']}, the earlier one of {checkpoint['origin']}")
    if covered["size"] < checkpoint["size"]:
        raise Broken("checkpoint.txt", f"has {covered['size']} entries, the earlier one {checkpoint['size']}: it is older, or another history")
    if "leaves.txt" not in files:
        if covered["size"] != checkpoint["size"] or covered["root"] != checkpoint["root"]:
            raise Broken("leaves.txt", "is missing: nothing leads from the earlier checkpoint to this one")
        return
    if tree_root(read_leaves(files["leaves.txt"])[: checkpoint["size"]]) != checkpoint["root"]:
        raise Broken("checkpoint.txt", f"does not go on from the earlier one of {checkpoint['time']}: this is another history")


def require_checkpoint(files, history, spki):
    if "checkpoint.txt" not in files and "inclusion.txt" not in files:
        return None
    for name in ("checkpoint.txt", "inclusion.txt"):
        if name not in files:
            raise Broken(name, "is missing, and the other speaks of it")
    checkpoint = read_checkpoint(files["checkpoint.txt"], spki, "checkpoint.txt")
    log, size, root, time = (checkpoint[key] for key in ("log", "size", "root", "time"))
    mode = history["launch"]["mode"]
    if (log == "rehearsal") != (mode == "rehearsal"):
        raise Broken("checkpoint.txt", f"is of the log of {log}, the drill has mode {mode}")
    proof = INCLUSION.fullmatch(files["inclusion.txt"])
    if not proof:
        raise Broken("inclusion.txt", "is not in its one form")
    event, index, of = (int(proof[i]) for i in (1, 2, 3))
    if event > len(history["heads"]):
        raise Broken("inclusion.txt", f"speaks of event {event}, which the drill does not have")
    if of != size:
        raise Broken("inclusion.txt", "has another size than the checkpoint")
    entry = f"drillbook/log/1/head\n{history['launch']['drill']}\n{event}\n{history['heads'][event - 1]}\n".encode()
    path = [bytes.fromhex(line.decode()) for line in proof[4].split(b"\n")[:-1]]
    if climb(sha(b"\0" + entry), index, of, path) != root:
        raise Broken("inclusion.txt", f"does not lead from event {event} to the checkpoint's root")
    checkpoint["said"] = f"checkpoint of {time}, {size} entries, covers event {event}"
    return checkpoint


def climb(leaf, index, size, path):
    """RFC 6962, 2.1.1: by the shape of the tree, from its top; None when the path has another length."""
    if index >= size:
        return None
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        below = climb(leaf, index, left, path[:-1])
        return below and sha(b"\1" + below + path[-1])
    below = climb(leaf, index - left, size - left, path[:-1])
    return below and sha(b"\1" + path[-1] + below)


# What was told beside the bundle ------------------------------------------------------------------------------------

GROUPS = r"((?:[0-9a-f]{8} ){7}[0-9a-f]{8})"
CARD = re.compile(rf"Evidence of ([A-Za-z0-9][A-Za-z0-9._-]{{0,63}}) up to event ([1-9][0-9]{{0,8}}): head {GROUPS}, key {GROUPS}(?! ?[0-9a-f]{{8}})")


def read_fingerprint(text):
    fingerprint = re.sub(r"[\s:]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
        raise ValueError("A fingerprint has 64 hexadecimal digits.")
    return fingerprint, None


def read_card(text):
    """A final card's line, in whatever was copied from the chat around it."""
    plain = re.sub(r"\s+", " ", re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text))
    found = CARD.findall(plain)
    if len(found) != 1:
        raise ValueError("This is not what one final card says of its evidence.")
    drill, event, head, key = found[0]
    return key.replace(" ", ""), (drill, int(event), head.replace(" ", ""))


def require_expected(expected, history, spki):
    fingerprint, end = expected
    if end is not None:
        drill, event, head = end
        heads = history["heads"]
        if history["launch"]["drill"] != drill:
            raise Broken("drill.json", f"is of another drill than the card, which is of {drill}")
        if len(heads) < event:
            raise Broken(f"events.jsonl, event {len(heads) + 1}", f"is missing: the card has seen {event} events")
        if heads[event - 1] != head:
            raise Broken(f"events.jsonl, event {event}", "leads to another head than the one on the card")
    if sha(spki).hex() != fingerprint:
        raise Broken("key.pem", f"has the fingerprint {sha(spki).hex()}, which is not the one that was told")


# All of it ---------------------------------------------------------------------------------------------------------


def verify(data, known=(), earlier=(), expected=()):
    """(status, where, why, facts): status is "intact", "erased", "unknown-signer" or "broken". `known`: PEM texts of trusted
    keys; `earlier`: bundles or checkpoints from before; `expected`: what read_card and read_fingerprint give."""
    try:
        files = read_container(data)
        for name in REQUIRED:
            if name not in files:
                raise Broken(name, "is missing")
        history = follow(files["events.jsonl"])
        require_heads(files["heads.txt"], history["heads"])
        erased = require_records(files, history)
        require_files(files, history)
        spki = read_key(files["key.pem"])
        line = files["manifest.sig"]
        der = exact_base64(line[:-1]) if line[-1:] == b"\n" else None
        if der is None:
            raise Broken("manifest.sig", "is not one line of canonical base64")
        why = signature_why(files["manifest.txt"], der, spki[27:])
        if why:
            raise Broken("manifest.sig", why)
        trusted = [pem for pem in known if pem_bytes(pem) == spki]
        rehearsal = history["launch"]["mode"] == "rehearsal"
        if trusted and not rehearsal and all(b"rehearsal key" in pem.split(b"-----BEGIN")[0].lower() for pem in trusted):
            raise Broken("key.pem", "is a rehearsal key, and the drill is none")
        covered = require_checkpoint(files, history, spki)
        require_leaves(files, covered)
        for one in earlier:
            require_going_on(one, files, history, covered, spki)
        for one in expected:
            require_expected(one, history, spki)
    except Broken as broken:
        return "broken", broken.where, broken.why, ""
    launch = history["launch"]
    state = "closed" if history["end"] else "open: incomplete"
    facts = f"{launch['drill']} · {launch['mode']} · {len(history['heads'])} events, {state} · {covered['said'] if covered else 'no checkpoint'} · signer {sha(spki).hex()}"
    if erased:
        facts += f" · {erased} records or files erased, as events say"
    return ("unknown-signer" if not trusted and not expected else "erased" if erased else "intact"), "", "", facts


def main(arguments):
    paths, keys, earlier, expected, rest = [], [], [], [], list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--key" and rest:
            keys.append(open(rest.pop(0), "rb").read())
        elif argument == "--earlier" and rest:
            earlier.append(open(rest.pop(0), "rb").read())
        elif argument in ("--card", "--fingerprint") and rest:
            try:
                expected.append((read_card if argument == "--card" else read_fingerprint)(rest.pop(0)))
            except ValueError as wrong:
                print(wrong)
                return 2
        else:
            paths.append(argument)
    if len(paths) != 1:
        print(__doc__)
        return 2
    status, where, why, facts = verify(open(paths[0], "rb").read(), keys, earlier, expected)
    print(status if status != "broken" else f"BROKEN\n  {where}: {why}")
    if facts:
        print(facts)
    return {"intact": 0, "broken": 1, "unknown-signer": 3, "erased": 4}[status]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
