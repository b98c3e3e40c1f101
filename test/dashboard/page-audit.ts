/**
 * What is wrong for somebody who sees badly, hears the page or has only keys: run in the browser, so it may use nothing but
 * what is within it. WCAG 2.1 AA by number: 1.1.1 images, 1.3.1 headings and tables, 1.4.3 contrast, 4.1.1 ids, 4.1.2 names.
 */
export const auditPage = (): string[] => {
  type Colour = readonly [number, number, number, number];
  const CONTROLS = 'button, a[href], input, select, textarea, summary, [role=tab]';
  const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
  const told = (element: Element): string => element.outerHTML.slice(0, 160);

  const named = (element: Element): boolean => {
    const ids = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    const own = element.matches('input, select, textarea') ? '' : element.textContent;
    const texts = [
      own,
      element.getAttribute('aria-label'),
      ...labels.map((label) => label.textContent),
      ...ids.map((id) => document.getElementById(id)?.textContent),
    ];
    return texts.some((text) => text?.trim());
  };

  /** Drawn on a canvas, whatever notation a colour is given in is read back as numbers. */
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map<string, Colour>();
  const colourOf = (text: string): Colour => {
    const earlier = known.get(text);
    if (earlier) return earlier;
    if (canvas === null) throw new Error('the browser draws nothing');
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    const colour: Colour = [red, green, blue, alpha / 255];
    known.set(text, colour);
    return colour;
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mixed = (part: 0 | 1 | 2): number => top[part] * top[3] + below[part] * (1 - top[3]);
    return [mixed(0), mixed(1), mixed(2), 1];
  };
  const behind = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const own = colourOf(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const luminance = ([red, green, blue]: Colour): number => {
    const linear = (part: number): number =>
      part <= 10.31 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (left: Colour, right: Colour): number => {
    const [dark = 0, light = 0] = [luminance(left), luminance(right)].sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };

  const faults: string[] = [];
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (isShown(control) && !named(control)) faults.push(`has no name: ${told(control)}`);
  }
  for (const image of document.querySelectorAll('img:not([alt]), [role=img]:not([aria-label])')) {
    faults.push(`is not described: ${told(image)}`);
  }
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(
    (heading) => isShown(heading) && heading.closest('dialog') === null,
  );
  if (headings.filter(({ tagName }) => tagName === 'H1').length !== 1) faults.push('has not one h1');
  headings.reduce((before, heading) => {
    const level = Number(heading.tagName.slice(1));
    if (level > before + 1) faults.push(`is a heading too deep: ${told(heading)}`);
    return level;
  }, 0);
  for (const table of document.querySelectorAll('table')) {
    if (table.querySelector('thead th[scope=col]') === null || table.querySelector('th:not([scope])')) {
      faults.push(`has no headings with a scope: ${told(table)}`);
    }
    const isNamed = table.hasAttribute('aria-label') || table.caption !== null;
    if (!isNamed) faults.push(`has no name: ${told(table)}`);
  }
  for (const place of document.querySelectorAll('.scroll, section.code, .log')) {
    // What scrolls is scrolled by keys only where it can have the focus.
    if (place instanceof HTMLElement && isShown(place) && place.tabIndex < 0) {
      faults.push(`is not reached by keys: ${told(place)}`);
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) {
    faults.push(`is an id twice: ${id}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || !node.textContent?.trim() || !isShown(element)) continue;
    // What cannot be used need not be read (1.4.3).
    if (element.closest(':disabled') !== null) continue;
    const ground = behind(element);
    const ratio = contrast(over(colourOf(getComputedStyle(element).color), ground), ground);
    if (ratio < 4.5) faults.push(`is read badly (${ratio.toFixed(2)}): ${told(element)}`);
  }
  for (const field of document.querySelectorAll(
    'input:not([type=checkbox], [type=radio]), select, textarea',
  )) {
    const border = colourOf(getComputedStyle(field).borderTopColor);
    const ratio = contrast(border, behind(field.parentElement));
    if (isShown(field) && ratio < 3)
      faults.push(`has an edge that is not seen (${ratio.toFixed(2)}): ${told(field)}`);
  }
  return faults;
};
