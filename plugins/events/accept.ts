/** Whether an Accept header names the type of event streams, as an EventSource does. */
export function namesEventStream(accept: string | undefined): boolean {
  return accept?.toLowerCase().includes('text/event-stream') ?? false;
}
