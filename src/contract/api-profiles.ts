/** Profiles, and putting off a limit of theirs. */
import * as z from 'zod/mini';
import { OfferedProfile, Profile, ProfileDraft, ProfileId, SaveProfile } from './profile.ts';
import { Nothing, route } from './route.ts';
import { Deadline, SessionId } from './session.ts';

export const PROFILE_API = {
  profiles: route({
    method: 'GET',
    path: '/profiles',
    auth: true,
    summary: 'Profiles that may be chosen for a command of one’s own',
    input: Nothing,
    result: z.array(OfferedProfile),
  }),
  extend: route({
    method: 'POST',
    path: '/extend',
    auth: true,
    summary: 'Put off the limit that a session is about to reach',
    input: z.object({ id: SessionId }),
    result: z.object({ deadline: Deadline }),
  }),
  adminProfiles: route({
    method: 'GET',
    path: '/admin/profiles',
    auth: true,
    summary: 'All profiles, and the one that own commands get where none is chosen',
    input: Nothing,
    result: z.object({ profiles: z.array(Profile), ownDefault: z.nullable(z.string()) }),
  }),
  adminProfile: route({
    method: 'GET',
    path: '/admin/profiles/:id',
    auth: true,
    summary: 'One profile',
    input: Nothing,
    result: Profile,
  }),
  adminProfileCreate: route({
    method: 'POST',
    path: '/admin/profiles',
    auth: true,
    summary: 'A new profile; its id is made of its name unless one is given',
    input: z.extend(ProfileDraft, { id: z.optional(ProfileId) }),
    result: Profile,
  }),
  adminProfileSave: route({
    method: 'PUT',
    path: '/admin/profiles/:id',
    auth: true,
    summary: 'Save a profile over `version`; refused when that is not the newest any more',
    input: SaveProfile,
    result: Profile,
  }),
  adminProfileDelete: route({
    method: 'DELETE',
    path: '/admin/profiles/:id',
    auth: true,
    summary: 'Delete a profile; sessions that run with it go on, bookmarks that name it will fail',
    input: Nothing,
    result: Nothing,
  }),
  adminProfileDefault: route({
    method: 'PUT',
    path: '/admin/profile-default',
    auth: true,
    summary: 'Which profile own commands get where none is chosen; `null` for none',
    input: z.object({ id: z.nullable(ProfileId) }),
    result: z.object({ ownDefault: z.nullable(z.string()) }),
  }),
} as const;
