/** The audit list as a download, streamed: JSON lines, or CSV that a spreadsheet opens without running any of it. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { AUDIT_EXPORT_PATH, AuditExport, type AuditEntry } from '../../src/contract/audit.ts';
import { callerOf, requireCaller } from './authenticate.ts';
import type { HttpContext } from './context.ts';

const COLUMNS = ['at', 'event', 'login', 'address', 'outcome', 'target', 'owner', 'detail', 'data'] as const;

/**
 * A cell. What a spreadsheet would take for a formula gets an apostrophe in front, which it shows as text; also behind
 * blanks and line breaks, which some of them skip.
 */
export function csvCell(text: string): string {
  const safe = /^\s*[=+\-@|%\uFF0B\uFF0D\uFF1D\uFF20]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

export function csvRow(entry: AuditEntry): string {
  const { at, data } = entry;
  const texts = { ...entry, at: new Date(at).toISOString(), data: data === null ? '' : JSON.stringify(data) };
  return `${COLUMNS.map((name) => csvCell(texts[name])).join(',')}\r\n`;
}

const jsonLine = ({ at, ...entry }: AuditEntry) => `${JSON.stringify({ at: new Date(at).toISOString(), ...entry })}\n`;

async function* lines(entries: AsyncIterable<AuditEntry>, format: 'jsonl' | 'csv') {
  if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
  for await (const entry of entries) yield format === 'csv' ? csvRow(entry) : jsonLine(entry);
}

export function registerAuditExport(app: FastifyInstance, context: HttpContext): void {
  const { audit } = context.policy;
  for (const base of ['/api', '/v3/api']) {
    app.get(
      `${base}${AUDIT_EXPORT_PATH}`,
      { schema: { hide: true, querystring: AuditExport }, onRequest: requireCaller(context, 'audit') },
      async (request, reply) => {
        const { format, ...filter } = AuditExport.parse(request.query);
        audit.record({
          event: 'audit-exported',
          login: callerOf(request).login,
          address: request.ip,
          detail: Object.keys(filter).join(', '),
        });
        await audit.flush();
        const day = new Date().toISOString().slice(0, 10);
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="audit-${day}.${format}"`)
          .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
          .send(Readable.from(lines(audit.all(filter), format)));
      },
    );
  }
}
