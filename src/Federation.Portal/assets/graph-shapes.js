// Outlines of communication groups over a drawing of traffic, and the whole drawing as SVG.
const namespace = "http://www.w3.org/2000/svg";
const aroundVm = 44;
// From a VM's middle to its site's border.
export const aroundVms = 31;

// Where a VM is drawn.
const placeOf = node => [node.position().x, node.position().y];

// The smallest convex outline of points, by Andrew's monotone chain.
export function hullOf(points) {
  const sorted = [...points].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  if (sorted.length < 3) {
    return sorted;
  }
  const half = all => {
    const chain = [];
    for (const point of all) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) {
        chain.pop();
      }
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

// The outline of each group that has at least two VMs on the drawing.
export function outlinesOf(cy) {
  const groups = new Map();
  cy.nodes(".vm").forEach(node => {
    const group = node.data("group");
    if (group !== null && group !== undefined) {
      groups.set(group, [...(groups.get(group) ?? []), placeOf(node)]);
    }
  });
  return [...groups].filter(([, points]) => points.length > 1).map(([group, points]) => [group, hullOf(points)]);
}

const byName = new Intl.Collator("en", { numeric: true });

// Places very many VMs at once, without a search, and always alike: sites on a circle, in each of them VMs to and fro in rows, those of a group one after the other.
export function spread(cy) {
  const apart = 64;
  const sites = Map.groupBy(cy.nodes(".vm").toArray(), node => node.data("site") ?? "");
  const sideOf = nodes => Math.ceil(Math.sqrt(nodes.length));
  const widest = Math.max(...[...sites.values()].map(sideOf)) * apart * 1.5;
  const around = sites.size === 1 ? 0 : widest / 2 / Math.sin(Math.PI / sites.size);
  cy.batch(() => [...sites.values()].forEach((nodes, at) => {
    const [angle, side] = [2 * Math.PI * at / sites.size, sideOf(nodes)];
    nodes.sort((one, other) => (one.data("group") ?? Infinity) - (other.data("group") ?? Infinity) || byName.compare(one.data("name"), other.data("name")));
    nodes.forEach((node, number) => {
      const [row, along] = [Math.floor(number / side), number % side];
      const column = row % 2 === 0 ? along : side - 1 - along;
      node.position({ x: around * Math.cos(angle) + (column - side / 2) * apart, y: around * Math.sin(angle) + (row - side / 2) * apart });
    });
  }));
}

// The smallest rectangle around nodes, without their labels: its middle and its size.
export function boxOf(nodes, margin) {
  const [left, right, top, bottom] = nodes.reduce(([left, right, top, bottom], node) => {
    const [x, y] = placeOf(node);
    return [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }, [Infinity, -Infinity, Infinity, -Infinity]);
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left + 2 * margin, height: bottom - top + 2 * margin };
}

// Draws each site's box around its VMs, where sites are boxes and no compound nodes.
export function boxIn(cy) {
  const boxes = cy.nodes(".box");
  if (boxes.empty()) {
    return;
  }
  const vms = Map.groupBy(cy.nodes(".vm").toArray(), node => node.data("site"));
  cy.batch(() => boxes.forEach(box => {
    const { x, y, width, height } = boxOf(vms.get(box.data("label")), aroundVms);
    box.position({ x, y });
    box.data({ width, height });
  }));
}

// A layer over the drawing that follows it, and lets the mouse through: below it the sites would hide it. Gives what to call when VMs have come or gone.
export function outline(cy, element) {
  const layer = document.createElementNS(namespace, "svg");
  layer.classList.add("hulls");
  layer.setAttribute("aria-hidden", "true");
  const sheet = layer.appendChild(document.createElementNS(namespace, "g"));
  element.append(layer);
  const move = () => sheet.setAttribute("transform", `translate(${cy.pan().x} ${cy.pan().y}) scale(${cy.zoom()})`);
  const redraw = () => {
    const outlines = outlinesOf(cy);
    sheet.replaceChildren(...outlines.map(([group, points]) => {
      const shape = document.createElementNS(namespace, "polygon");
      shape.setAttribute("points", points.map(point => point.join(",")).join(" "));
      shape.setAttribute("class", `area${group % 6}`);
      shape.setAttribute("stroke-width", aroundVm);
      return shape;
    }));
    move();
    element.dataset.hulls = outlines.length;
  };
  // Whoever lays out a thousand VMs moves each many times: once a frame is enough.
  let isDue = false;
  const soon = () => {
    if (!isDue) {
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        if (!cy.destroyed()) {
          redraw();
        }
      });
    }
  };
  cy.on("viewport", move);
  cy.on("position", "node.vm", soon);
  return redraw;
}

const escaped = text => String(text).replace(/[&<>"]/g, found => `&#${found.charCodeAt(0)};`);

const text = (x, y, words, size, more = "") => String(words).split("\n").map((line, at) =>
  `<text x="${x.toFixed(1)}" y="${(y + at * size * 1.2).toFixed(1)}" font-size="${size}" text-anchor="middle" ${more}>${escaped(line)}</text>`).join("");

// What is drawn as a file of its own, in the viewer's colours.
export function vectorOf(cy, colours) {
  const box = cy.elements().boundingBox();
  const [x, y, width, height] = [box.x1 - 30, box.y1 - 30, box.w + 60, box.h + 60].map(number => Number(number.toFixed(1)));
  const parts = [`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colours.ground}"/>`];
  cy.nodes(".site").forEach(node => {
    const at = node.boundingBox({ includeLabels: false });
    parts.push(`<rect x="${at.x1.toFixed(1)}" y="${at.y1.toFixed(1)}" width="${at.w.toFixed(1)}" height="${at.h.toFixed(1)}" rx="8" fill="${colours.panel}" stroke="${colours.quiet}"/>`);
    parts.push(text((at.x1 + at.x2) / 2, at.y1 - 5, node.data("label"), 13, 'font-weight="bold"'));
  });
  for (const [, points] of outlinesOf(cy)) {
    parts.push(`<polygon points="${points.map(point => point.map(number => number.toFixed(1)).join(",")).join(" ")}" fill="${colours.link}" stroke="${colours.link}" stroke-width="${aroundVm}" stroke-linejoin="round" opacity="0.15"/>`);
  }
  cy.edges().forEach(edge => {
    const [from, to] = [placeOf(edge.source()), placeOf(edge.target())];
    const isCut = edge.hasClass("cut");
    parts.push(`<line x1="${from[0].toFixed(1)}" y1="${from[1].toFixed(1)}" x2="${to[0].toFixed(1)}" y2="${to[1].toFixed(1)}" stroke="${isCut ? colours.warn : colours.quiet}" stroke-width="${edge.data("width")}"${isCut ? ' stroke-dasharray="6 4"' : ""} opacity="0.75"/>`);
    if (isCut && edge.data("label")) {
      parts.push(text((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, edge.data("label"), 10));
    }
  });
  cy.nodes(".vm").forEach(node => {
    const [at, size] = [placeOf(node), node.width() / 2];
    parts.push(`<circle cx="${at[0].toFixed(1)}" cy="${at[1].toFixed(1)}" r="${size}" fill="${node.hasClass("alone") ? colours.quiet : colours.link}" stroke="${colours.ground}" stroke-width="1.5"/>`);
    parts.push(text(at[0], at[1] + size + 12, node.data("label"), 11));
  });
  return `<svg xmlns="${namespace}" viewBox="${x} ${y} ${width} ${height}" font-family="system-ui, sans-serif" fill="${colours.ink}">${parts.join("\n")}</svg>`;
}
