/** The start forms of the mock server; their fields are derived from the HTML, as on a real one. */
import type { Form } from '../../src/contract/form.ts';
import { deriveFields } from '../../src/forms/fields/index.ts';

function form(id: string, name: string, html: string): Form {
  return { id, name, html, version: 1, fields: deriveFields(html).fields };
}

/** What a new mock server has. */
export const FORMS: readonly Form[] = [
  form(
    'resources',
    'Resources',
    `<p>How much of the machine should the session get?</p>
<label for="memory">Memory</label>
<select id="memory" name="memory" data-type="number" class="form-select" required>
  <option value="2">2 GB</option><option value="4" selected>4 GB</option><option value="16">16 GB</option>
</select>
<label for="cores">Cores</label>
<input id="cores" name="cores" type="number" data-type="number" class="form-control" min="1" max="64" value="2" required>
<label><input name="gpu" type="checkbox" data-type="boolean"> With a graphics card</label>`,
  ),
  form(
    'project',
    'Project',
    `<label for="project">Project</label>
<input id="project" name="project" class="form-control" maxlength="80" required>
<label for="notes">Notes</label>
<textarea id="notes" name="notes" class="form-control" rows="3"></textarea>`,
  ),
  form(
    'notify',
    'When it ends',
    `<fieldset><legend>Tell me</legend>
<label><input type="radio" name="tell" value="no" checked> not at all</label>
<label><input type="radio" name="tell" value="mail"> by mail</label></fieldset>
<div data-show-when="tell=mail"><label for="mail">Address</label>
<input id="mail" name="mail" type="email" class="form-control" required></div>`,
  ),
];
