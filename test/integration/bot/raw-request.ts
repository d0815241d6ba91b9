import { request } from "node:http";

export type RawResponse = { readonly status: number; readonly headers: Record<string, string | string[] | undefined>; readonly body: string };

/** Sends exactly these headers: fetch would set Host and Origin by itself. */
export function rawRequest(options: {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port: options.port, method: options.method, path: options.path, headers: options.headers ?? {}, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}

export const bearer = (token: string): string => `Bearer ${token}`;
