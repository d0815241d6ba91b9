import { BlockList, isIP } from "node:net";

/** Whether an address lies in a prefix such as 10.50.0.0/16; false for what is neither. */
export function addressIn(address: string, prefix: string): boolean {
  const [network = "", bits = ""] = prefix.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(address) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return list.check(address, family === 4 ? "ipv4" : "ipv6");
}
