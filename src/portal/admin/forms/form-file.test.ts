import { expect, it } from 'vitest';
import { fromFile, toFile } from './form-file.ts';

it.each(['Nodes', 'A --> B', 'Größe 名前 100 %', '-->'])(
  'a form called %s comes back from its file as it was',
  (name) => {
    const html = '<p>x</p>\n<!-- casement-form other -->\n';
    expect(fromFile('else.html', toFile(name, html))).toEqual({ name, html });
  },
);

it('any other HTML file is called as the file is', () => {
  expect(fromFile('my nodes.html', '<p>')).toEqual({ name: 'my nodes', html: '<p>' });
  expect(fromFile('.html', '<!-- casement-form %E0%A4%A -->\n<p>').name).toBe('Form');
});
