import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Behaviour } from "./behaviours.ts";

/** Every behaviour on a loopback port of its own. `seen` is told each request, byte for byte. */
export async function serve(behaviours: readonly Behaviour[], seen: (behaviour: string, request: string) => void = () => undefined): Promise<{ readonly ports: ReadonlyMap<string, number>; readonly close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const servers: Server[] = [];
  const ports = new Map<string, number>();
  for (const behaviour of behaviours) {
    const server = createServer((socket) => {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => undefined);
      handle(behaviour, socket, seen);
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    servers.push(server);
    ports.set(behaviour.name, (server.address() as AddressInfo).port);
  }
  return {
    ports,
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((settle) => server.close(settle))));
    },
  };
}

function handle(behaviour: Behaviour, socket: Socket, seen: (behaviour: string, request: string) => void): void {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const request = text;
    text = "";
    seen(behaviour.name, request);
    const [, method = "", version = ""] = /^(\S+) \S+ HTTP\/(\d\.\d)\r\n/.exec(request) ?? [];
    behaviour.act({ text: request, method, version, host: /\r\nhost: ([^\r]*)/i.exec(request)?.[1] ?? null }, socket);
  });
}
