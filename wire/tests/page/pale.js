// Elements with text whose contrast with the colour behind it is below 4.5 (WCAG 2.2, 1.4.3; the
// luminance of a colour is defined there too).
(() => {
  const light = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/, 0\)$/.test(backgroundColor)) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const pale = [...document.body.querySelectorAll('*')].filter((element) => {
    if (element.matches('script, noscript') || !element.textContent.trim()) return false;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
    return (other + 0.05) / (one + 0.05) < 4.5;
  });
  return [...new Set(pale.map((element) => `${element.tagName} ${element.className}`))];
})()
