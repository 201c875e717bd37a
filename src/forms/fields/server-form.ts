/** The form that asks for a server. It sets `params.serverId` and nothing else. */
import type { Form, ServerChoice } from '../../contract/form.ts';

/** No stored form can have it: ids of stored forms hold no colon. */
export const SERVER_FORM_ID = 'casement:servers';

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** `first`: the id of the server that is chosen already; one that takes no start is shown and cannot be chosen. */
export function serverForm(servers: readonly ServerChoice[], first: string | undefined): Form {
  const options = servers.map(({ serverId, hostname, accepts }) => ({
    value: serverId,
    label: hostname,
    selected: serverId === first,
    disabled: !accepts.start,
  }));
  const list = options
    .map(({ value, label, selected, disabled }) => {
      const state = `${selected ? ' selected' : ''}${disabled ? ' disabled' : ''}`;
      return `<option value="${escapeHtml(value)}"${state}>${escapeHtml(label)}</option>`;
    })
    .join('');
  return {
    id: SERVER_FORM_ID,
    name: 'Server',
    html: `<label for="serverId">Server</label><select id="serverId" name="serverId" class="form-select" required>${list}</select>`,
    version: 1,
    fields: [
      {
        name: 'serverId',
        type: 'select',
        dataType: 'text',
        required: true,
        multiple: false,
        label: 'Server',
        ...(first === undefined ? {} : { defaultValue: first }),
        options,
        constraints: {},
        // The one that is suggested is a better start than the one of the last time.
        remember: false,
      },
    ],
    servers: [...servers],
  };
}
