/** What one may know and do, and ending logins. */
import { ACTIONS } from '../../../src/contract/permissions.ts';
import { callerOf } from '../authenticate.ts';
import { pathId, type HttpContext } from '../context.ts';
import { clearLoginCookie } from '../login-cookie.ts';
import { ownOrigin } from '../origin.ts';
import type { Handlers } from './handler.ts';

type Names = 'config' | 'logout' | 'me' | 'logins' | 'revokeLogin' | 'revokeOtherLogins';

export function accountRoutes(context: HttpContext): Handlers<Names> {
  const { auth } = context;
  return {
    config: () => ({
      product: 'Casement',
      version: context.version,
      login: [...auth.methods],
      ...(auth.oidc?.label === undefined ? {} : { oidcLabel: auth.oidc.label }),
      canStart: context.canStart().xserver,
      startHint: context.startHint,
    }),

    async logout({ request, reply }) {
      const { jti } = callerOf(request);
      const redirect = auth.oidc?.logoutUrl(jti, `${ownOrigin(request)}/login`);
      await auth.revoke(jti);
      clearLoginCookie(request, reply);
      return redirect === undefined ? {} : { redirect };
    },

    me({ request }) {
      const caller = callerOf(request);
      return {
        login: caller.login,
        groups: [...caller.groups],
        level: caller.level,
        actions: ACTIONS.filter((action) => auth.refuses(caller, action) === undefined),
        csrf: caller.jti,
        expires: caller.expires,
      };
    },

    logins: ({ request }) => auth.logins(callerOf(request)),

    async revokeLogin({ request }) {
      await auth.revokeLogin(callerOf(request), pathId(request));
      return {};
    },

    revokeOtherLogins: async ({ request }) => ({ revoked: await auth.revokeOthers(callerOf(request)) }),
  };
}
