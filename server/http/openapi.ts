/** OpenAPI 3.1 from the schemas that validate, and a page to read it. */
import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import * as z from 'zod/mini';
import { ApiError } from '../../src/contract/errors.ts';
import { Form } from '../../src/contract/form.ts';
import { JsonValue } from '../../src/contract/json.ts';
import { Session } from '../../src/contract/session.ts';
import { Bookmark } from '../../src/contract/bookmark.ts';
import { COOKIE } from './authenticate.ts';
import { renderDocs } from './openapi-page.ts';
import { pageHeaders } from './security-headers.ts';

/** Schemas with a name of their own in the document. `JsonValue` must have one, since it holds itself. */
function namedSchemas() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ JsonValue, ApiError, Session, Form, Bookmark }))
    registry.add(schema, { id });
  return registry;
}

/** Before the routes are: it hears of each as it is registered. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  const schemaRegistry = namedSchemas();
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Casement',
        version,
        description:
          'Answers are `{ "result": … }` or `{ "error": { "name", "message", "details"?, "ref"? } }`. ' +
          'Every call is also found under `/v3/api`.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cookie: { type: 'apiKey', in: 'cookie', name: COOKIE },
          csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-TOKEN' },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  });
}

export function registerOpenApiRoutes(app: FastifyInstance): void {
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  );
  app.get('/api/docs', { schema: { hide: true } }, async (request, reply) =>
    reply
      .headers(pageHeaders(request, 'none', []))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(renderDocs(app.swagger())),
  );
}
