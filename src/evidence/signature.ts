/** Order of the P-256 group. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The one DER form of an ECDSA P-256 signature given as r and s of 32 bytes each. (r, n - s) verifies as well as (r, s):
 * the smaller s is the one we write, so that a signature cannot be exchanged for another of the same content.
 */
export function canonicalSignature(rs: Uint8Array): Uint8Array {
  const r = toInteger(rs.subarray(0, 32));
  const s = toInteger(rs.subarray(32));
  const body = Buffer.concat([derInteger(r), derInteger(s > order / 2n ? order - s : s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  // A leading 1 bit would make the number negative.
  const body = digits[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
  return Buffer.concat([Buffer.of(0x02, body.length), body]);
}
