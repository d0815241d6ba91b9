import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

export type About = Readonly<Record<string, string | number | boolean>>;
export type CollectedSpan = { readonly name: string; readonly trace: string; readonly id: string; readonly parent: string | null; readonly failed: boolean; readonly about: About };
export type CollectedPoint = { readonly name: string; readonly about: About };

export type Collector = {
  readonly origin: string;
  readonly spans: CollectedSpan[];
  /** One for each metric and set of attributes, as often as it was exported. */
  readonly points: CollectedPoint[];
  /** Everything that came, as it came: heads and bodies. */
  readonly said: () => string;
  close(): Promise<void>;
};

const attributes = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string(), intValue: z.coerce.number(), doubleValue: z.number(), boolValue: z.boolean() }).partial() }))
  .default([])
  .transform((list): About => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0] ?? ""])));
const span = z.object({ name: z.string(), traceId: z.string(), spanId: z.string(), parentSpanId: z.string().default(""), status: z.object({ code: z.number().default(0) }).default({ code: 0 }), attributes });
const traces = z.object({ resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(span) })) })) });
const points = z.object({ dataPoints: z.array(z.object({ attributes })) }).optional();
const metrics = z.object({ resourceMetrics: z.array(z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.object({ name: z.string(), sum: points, histogram: points, gauge: points })) })) })) });

/** An OpenTelemetry collector that takes OTLP over HTTP, as JSON, and keeps what it gets. */
export async function startCollector(): Promise<Collector> {
  const collected: { spans: CollectedSpan[]; points: CollectedPoint[]; raw: string[] } = { spans: [], points: [], raw: [] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    collected.raw.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
    if (request.url === "/v1/traces") {
      for (const { name, traceId, spanId, parentSpanId, status, attributes: about } of traces.parse(JSON.parse(body)).resourceSpans.flatMap((r) => r.scopeSpans).flatMap((s) => s.spans)) {
        collected.spans.push({ name, trace: traceId, id: spanId, parent: parentSpanId === "" ? null : parentSpanId, failed: status.code === 2, about });
      }
    } else {
      for (const { name, ...kinds } of metrics.parse(JSON.parse(body)).resourceMetrics.flatMap((r) => r.scopeMetrics).flatMap((s) => s.metrics)) {
        for (const { attributes: about } of Object.values(kinds).flatMap((kind) => kind?.dataPoints ?? [])) collected.points.push({ name, about });
      }
    }
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: collected.spans,
    points: collected.points,
    said: () => collected.raw.join("\n"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
