import plugin from '../index';

describe('the plugin', () => {
  it('starts by itself under its own id', () => {
    expect(plugin.id).toBe('smext:plugin');
    expect(plugin.autoStart).toBe(true);
  });
});
