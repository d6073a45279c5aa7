import { copyText } from '../../components/clipboard';

/** What the browser offers, for the time of a test. */
function offer(clipboard: unknown, execCommand: unknown): void {
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: clipboard
  });
  Object.defineProperty(document, 'execCommand', {
    configurable: true,
    value: execCommand
  });
}

afterEach(() => offer(undefined, undefined));

describe('copying a text', () => {
  it('asks the clipboard where there is one', async () => {
    const texts: string[] = [];
    const writeText = async (text: string) => void texts.push(text);
    offer({ writeText }, undefined);
    expect(await copyText('x = 1')).toBe(true);
    expect(texts).toEqual(['x = 1']);
  });

  it('copies what is selected on a page without one, and leaves the focus', async () => {
    const button = document.body.appendChild(document.createElement('button'));
    button.focus();
    let selected = '';
    offer(undefined, () => {
      const area = document.activeElement as HTMLTextAreaElement;
      selected = area.value.slice(area.selectionStart, area.selectionEnd);
      return true;
    });
    expect(await copyText('x = 1\ny = 2')).toBe(true);
    expect(selected).toBe('x = 1\ny = 2');
    expect(document.activeElement).toBe(button);
    expect(document.querySelector('textarea')).toBeNull();
  });

  it('says where neither is allowed', async () => {
    const refused = () => Promise.reject(new Error('denied'));
    offer({ writeText: refused }, () => false);
    expect(await copyText('x')).toBe(false);
    offer(undefined, undefined);
    expect(await copyText('x')).toBe(false);
  });
});
