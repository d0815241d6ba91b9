import { context, createContextKey, diag, DiagLogLevel, metrics, SpanStatusCode, trace, type Attributes, type Counter, type Histogram } from "@opentelemetry/api";

/** What is known of a piece of work, by names of our own: ids and words of the program, never a person, a text or a secret. */
export type About = Readonly<Record<string, string | number | boolean | null>>;

/** Where traces and metrics go. Without a collector all of it does nothing and costs nothing. */
export type Telemetry = {
  /** Runs `work` as a part of whatever is under way; `about` may add what became known only at the end. */
  span<T>(name: string, about: About, work: (more: (about: About) => void) => Promise<T>): Promise<T>;
  /** Something that has already ended, as a part of whatever is under way; without a step of its own it has that one's. */
  past(name: string, about: About, from: Date, ms: number, failed: boolean): void;
  count(name: string, about: About): void;
  /** `ms` in milliseconds. */
  took(name: string, ms: number, about: About): void;
};

const scope = "drillbook";

/** The step that is under way: what has ended in it may know no more than its operation. */
const stepUnderWay = createContextKey("drillbook.step");

/** Telemetry through the OpenTelemetry API: it goes where `startExport`, or a test, has registered something. */
export function telemetry(): Telemetry {
  const tracer = trace.getTracer(scope);
  const meter = metrics.getMeter(scope);
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const took: Telemetry["took"] = (name, ms, about) => {
    const histogram = histograms.get(name) ?? meter.createHistogram(name, { unit: "ms" });
    histograms.set(name, histogram);
    histogram.record(ms, attributes(about));
  };
  return {
    took,
    span: (name, about, work) =>
      tracer.startActiveSpan(name, { attributes: attributes(about) }, context.active().setValue(stepUnderWay, about["step"]), async (span) => {
        try {
          return await work((more) => void span.setAttributes(attributes(more)));
        } catch (thrown) {
          // The error's own words may quote a payload: they stay in the log.
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw thrown;
        } finally {
          span.end();
        }
      }),
    past(name, about, from, ms, failed) {
      const step = about["step"] ?? context.active().getValue(stepUnderWay);
      const span = tracer.startSpan(name, { attributes: attributes({ ...about, step: typeof step === "string" ? step : null }), startTime: from });
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(new Date(from.getTime() + ms));
      took(`${scope}.${name.replaceAll(" ", ".")}.duration`, ms, { failed });
    },
    count(name, about) {
      const counter = counters.get(name) ?? meter.createCounter(name);
      counters.set(name, counter);
      counter.add(1, attributes(about));
    },
  };
}

/**
 * Starts to export to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, as OpenTelemetry's own variables say; does nothing
 * without it. `onUnsent` hears what could not be sent, seldom. Returns how to send the rest and stop.
 */
export async function startExport(env: NodeJS.ProcessEnv, onUnsent: (told: string) => void): Promise<() => Promise<void>> {
  if ((env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "") === "") return async () => undefined;
  env["OTEL_METRICS_EXPORTER"] ??= "otlp";
  // Logs go to stderr, with secrets struck out there.
  env["OTEL_LOGS_EXPORTER"] ??= "none";
  hearWhatIsNotSent(onUnsent);
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const sdk = new NodeSDK({ serviceName: env["OTEL_SERVICE_NAME"] ?? scope, autoDetectResources: false, instrumentations: [] });
  sdk.start();
  // A collector that is away must not hold up a stop.
  return () => Promise.race([sdk.shutdown(), new Promise<void>((resolve) => setTimeout(resolve, 3_000).unref())]).catch(() => undefined);
}

/** A collector may be away for hours and is tried every few seconds: once in ten minutes is enough. OTEL_LOG_LEVEL has OpenTelemetry print it all. */
function hearWhatIsNotSent(onUnsent: (told: string) => void): void {
  let quietUntil = 0;
  const error = (told: string): void => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + 10 * 60_000;
    onUnsent(told);
  };
  const unsaid = (): void => undefined;
  diag.setLogger({ error, warn: unsaid, info: unsaid, debug: unsaid, verbose: unsaid }, DiagLogLevel.ERROR);
}

function attributes(about: About): Attributes {
  return Object.fromEntries(Object.entries(about).flatMap(([key, value]) => (value === null ? [] : [[`drillbook.${key}`, value]])));
}
