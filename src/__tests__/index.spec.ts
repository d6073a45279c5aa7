import plugins from '../index';

describe('the plugins', () => {
  it('start by themselves, each under an id of its own', () => {
    const ids = plugins.map(plugin => plugin.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('smext:plugin');
    expect(plugins.every(plugin => plugin.autoStart)).toBe(true);
  });

  it('need nothing of JupyterLab but the document manager', () => {
    const needed = new Set(
      plugins.flatMap(plugin => plugin.requires ?? []).map(token => token.name)
    );
    expect([...needed].sort()).toEqual([
      '@jupyterlab/docmanager:IDocumentManager',
      'smext:ISmext'
    ]);
  });
});
