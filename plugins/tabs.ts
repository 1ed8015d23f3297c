import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FileEvent } from './files/file-events.ts';
import type { Notice } from './tabs/notice.ts';
import { OutcomeCollector } from './tabs/outcome-collector.ts';
import type { ChangeOutcome } from './tabs/outcomes.ts';
import { PageNotices } from './tabs/page-notices.ts';
import type { RecentChanges } from './tabs/recent-changes.ts';
import { parseReport } from './tabs/report.ts';
import type { TabList } from './tabs/tab-list.ts';

export interface TabsOptions {
  /** URL path below the scope at which tabs report. */
  readonly path: string;
  /** Kept up to date, and closed with the app. */
  readonly tabs: TabList;
  /** Kept up to date. */
  readonly recent: RecentChanges<FileEvent>;
  /** Neither of the two may throw. */
  readonly onOutcome: (outcome: ChangeOutcome<FileEvent>) => void;
  readonly onNotice: (notice: Notice) => void;
  /** Hands in the listener of changes; called in the order in which they are published. */
  readonly subscribe: (listener: (event: FileEvent, savedAt: number | undefined) => void) => void;
}

const BODY_LIMIT = 64 * 1024;
const TYPE = 'application/json';

/** Takes the reports of the open tabs, and tells what they do about each change. */
export default async function tabs(app: FastifyInstance, options: TabsOptions): Promise<void> {
  const { path, tabs, recent, subscribe } = options;
  const outcomes = new OutcomeCollector<FileEvent>(tabs, (outcome) => {
    recent.settle(outcome);
    options.onOutcome(outcome);
  });
  const notices = new PageNotices();
  subscribe((event, savedAt) => {
    recent.add(event);
    outcomes.add(event, savedAt);
  });
  app.addHook('preClose', async () => {
    outcomes.close();
    tabs.close();
  });

  // Parsers of the app, for whatever type, are not for what pages report.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(TYPE, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) request.log.error(error);
    const text = statusCode >= 500 ? 'The report could not be taken' : error.message;
    return reply.code(statusCode).type('text/plain; charset=utf-8').send(`${text}\n`);
  });
  app.post<{ Body: string }>(path, {
    bodyLimit: BODY_LIMIT,
    // A type that a form can send needs no preflight; one with a parameter is none of ours.
    onRequest: async (request, reply) => {
      if (request.headers['content-type'] === TYPE) return;
      return refuse(reply, 415, `A report has the Content-Type ${TYPE}`);
    },
    handler: async (request, reply) => {
      const report = parseReport(request.body);
      if (report.type === 'malformed') return refuse(reply, 400, report.reason);
      const tab = tabs.hear(report, request.headers['user-agent']);
      if (tab !== undefined && report.type === 'open') outcomes.open(tab, report.build);
      if (tab !== undefined && report.type === 'done') outcomes.answer(tab, report.changes);
      for (const entry of report.type === 'log' ? report.entries : []) {
        const notice = notices.of(report.page, entry);
        if (notice !== undefined) options.onNotice(notice);
      }
      return reply.code(204).send();
    },
  });
}

function refuse(reply: FastifyReply, status: number, reason: string) {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${reason}\n`);
}
