// Real mouse drags, in small steps as a hand makes them.
export async function drag(page, from, to, { steps = 12 } = {}) {
  const start = await from.boundingBox();
  const end = 'x' in to ? to : await to.boundingBox().then((box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 }));
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps });
  await page.mouse.up();
}

// A point inside an element, as shares of its size.
export async function inside(locator, x, y) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}
