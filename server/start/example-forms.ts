/** The two forms that a new server has: to be used, and to be read by whoever writes their own. */

export interface FormSource {
  readonly id: string;
  readonly name: string;
  readonly html: string;
}

export const EXAMPLE_FORMS: readonly FormSource[] = [
  {
    id: 'resources',
    name: 'Resources',
    html: `<div class="mb-3">
  <label for="memory" class="form-label">Memory</label>
  <select id="memory" name="memory" data-type="number" class="form-select" required>
    <option value="2">2 GB</option>
    <option value="4" selected>4 GB</option>
    <option value="16">16 GB</option>
  </select>
</div>
<div class="mb-3">
  <label for="cores" class="form-label">Cores</label>
  <input id="cores" name="cores" type="number" data-type="number" class="form-control" min="1" max="64" step="1" value="2" required>
</div>
<div class="form-check mb-3">
  <input id="gpu" name="gpu" type="checkbox" data-type="boolean" class="form-check-input">
  <label for="gpu" class="form-check-label">With a graphics card</label>
</div>
`,
  },
  {
    id: 'project',
    name: 'Project',
    html: `<div class="mb-3">
  <label for="project" class="form-label">Project</label>
  <input id="project" name="project" type="text" class="form-control" maxlength="80" required>
</div>
<div class="mb-3">
  <label for="priority" class="form-label">Priority</label>
  <select id="priority" name="priority" class="form-select">
    <option value="normal" selected>Normal</option>
    <option value="high">High</option>
  </select>
</div>
<div class="mb-3">
  <label for="options" class="form-label">Options, as JSON</label>
  <textarea id="options" name="options" data-type="json" class="form-control" rows="3"></textarea>
</div>
`,
  },
];
