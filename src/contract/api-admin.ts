/** The calls about permissions, settings, servers and the audit list. */
import * as z from 'zod/mini';
import { AuditPage, AuditQuery } from './audit.ts';
import { PermissionCheck, PermissionDefaults, PermissionEntry, Permissions, SavePermission } from './permissions.ts';
import { Nothing, route } from './route.ts';
import { AdminServer, SaveServer, SeatsTaken, VersionedSettings } from './settings.ts';

export const ADMIN_API = {
  adminAudit: route({
    method: 'GET',
    path: '/admin/audit',
    auth: true,
    summary: 'Who did what, newest first, for managers and administrators',
    input: AuditQuery,
    result: AuditPage,
  }),
  adminPermissions: route({
    method: 'GET',
    path: '/admin/permissions',
    auth: true,
    summary: 'All rules about who may do what',
    input: Nothing,
    result: Permissions,
  }),
  adminPermissionSave: route({
    method: 'PUT',
    path: '/admin/permissions/:id',
    auth: true,
    summary: 'Write the rule for an account, or for a Unix group as `@group`; takes effect at once',
    input: SavePermission,
    result: PermissionEntry,
  }),
  adminPermissionDelete: route({
    method: 'DELETE',
    path: '/admin/permissions/:id',
    auth: true,
    summary: 'Delete a rule; takes effect at once',
    input: z.object({ version: z.int() }),
    result: Nothing,
  }),
  adminPermissionDefaults: route({
    method: 'PUT',
    path: '/admin/permission-defaults',
    auth: true,
    summary: 'The level of everybody else, and what each level may do',
    input: PermissionDefaults,
    result: PermissionDefaults,
  }),
  adminPermissionCheck: route({
    method: 'GET',
    path: '/admin/permission-check',
    auth: true,
    summary: 'What the rules come to for one account',
    input: z.object({ login: z.string().check(z.minLength(1), z.maxLength(128)) }),
    result: PermissionCheck,
  }),
  adminSettings: route({
    method: 'GET',
    path: '/admin/settings',
    auth: true,
    summary: 'What is settled for the whole site',
    input: Nothing,
    result: VersionedSettings,
  }),
  adminSettingsSave: route({
    method: 'PUT',
    path: '/admin/settings',
    auth: true,
    summary: 'Change the settings of the site over `version`; takes effect at once',
    input: VersionedSettings,
    result: VersionedSettings,
  }),
  adminSeats: route({
    method: 'GET',
    path: '/admin/seats',
    auth: true,
    summary: 'How many seats are taken, by server and by person',
    input: Nothing,
    result: SeatsTaken,
  }),
  adminServers: route({
    method: 'GET',
    path: '/admin/servers',
    auth: true,
    summary: 'The session servers, how they are, and what they accept',
    input: Nothing,
    result: z.array(AdminServer),
  }),
  adminServerSave: route({
    method: 'PUT',
    path: '/admin/servers/:id',
    auth: true,
    summary: 'Open or close a server for starts and logins over `version`; sessions that run go on',
    input: SaveServer,
    result: AdminServer,
  }),
} as const;
