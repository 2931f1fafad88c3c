// Draws who talks to whom: VMs inside their sites, the wider a line the more goes over it. All that it shows is in the table beside it, too.
import cytoscape from "./graph-library.js";
import { aroundVms, boxIn, boxOf, outline, spread, vectorOf } from "./graph-shapes.js";

const shapes = ["ellipse", "round-rectangle", "diamond", "hexagon", "round-triangle", "octagon", "pentagon", "star"];
const shown = new Map();

// The library would put a style into the page, which the content security policy forbids: it does not where it finds its mark. portal.css has the style.
if (!document.getElementById("__________cytoscape_stylesheet")) {
  const mark = document.createElement("meta");
  mark.id = "__________cytoscape_stylesheet";
  document.head.append(mark);
}

// A colour of portal.css as the viewer has it, light or dark.
function colour(element, name) {
  element.style.color = `var(--${name})`;
  const found = getComputedStyle(element).color;
  element.style.color = "";
  return found;
}

function styleOf(element) {
  const [ink, quiet, line, link, warn, ground, panel] = ["ink", "quiet", "line", "link", "warn", "ground", "panel"].map(name => colour(element, name));
  return [
    { selector: "node", style: { "label": "data(label)", "color": ink, "font-size": 11, "font-family": "system-ui, sans-serif", "text-wrap": "wrap" } },
    {
      selector: "node.vm",
      style: {
        // Too small to be read, labels would only take time.
        "min-zoomed-font-size": 6,
        "width": 26, "height": 26, "shape": "data(shape)", "background-color": link, "border-width": 1.5, "border-color": ground, "text-valign": "bottom", "text-margin-y": 3,
        "text-background-color": ground, "text-background-opacity": 0.75, "text-background-padding": 1, "text-background-shape": "round-rectangle",
      },
    },
    { selector: "node.alone", style: { "background-color": quiet, "width": 16, "height": 16 } },
    {
      selector: "node.site",
      style: {
        "shape": "round-rectangle", "background-color": panel, "background-opacity": 0.7, "border-width": 1, "border-color": quiet, "padding": 18, "text-valign": "top",
        "text-margin-y": -4, "font-size": 13, "font-weight": "bold",
      },
    },
    { selector: "node.box", style: { "width": "data(width)", "height": "data(height)", "padding": 0, "events": "no", "z-compound-depth": "bottom" } },
    { selector: "edge", style: { "width": "data(width)", "line-color": quiet, "curve-style": "straight", "opacity": 0.75 } },
    {
      selector: "edge.cut",
      style: {
        "line-color": warn, "line-style": "dashed", "label": "data(label)", "font-size": 10, "color": ink, "text-background-color": ground, "text-background-opacity": 0.85,
        "text-background-padding": 2, "opacity": 1,
      },
    },
    { selector: ".dim", style: { "opacity": 0.12 } },
    { selector: "node.chosen", style: { "border-color": ink, "border-width": 4 } },
    { selector: ":active", style: { "overlay-opacity": 0 } },
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0, "outside-texture-bg-color": ground, "outside-texture-bg-opacity": 1 } },
  ];
}

// Sites are compound nodes. With very many VMs in them each change of one VM makes the library look at all others of its site: there a site is a box that we draw.
function elementsOf(model) {
  const isLarge = isVeryLarge(model.vms.length);
  return [
    ...model.sites.map(site => ({ data: { id: siteNode(site), label: site, width: 0, height: 0 }, classes: isLarge ? "site box" : "site", selectable: false })),
    ...model.vms.map(vm => ({
      data: {
        id: `v:${vm.name}`, name: vm.name, site: vm.site, parent: isLarge || vm.site === null ? undefined : siteNode(vm.site), label: vm.label,
        shape: vm.group === null ? "ellipse" : shapes[vm.group % shapes.length], group: vm.group,
      },
      classes: vm.group === null ? "vm alone" : "vm",
    })),
    ...model.edges.map(edge => ({
      data: { id: `e:${edge.source}\n${edge.target}`, source: `v:${edge.source}`, target: `v:${edge.target}`, width: edge.width, label: edge.label },
      classes: edge.isCut ? "cut" : "",
    })),
  ];
}

function dim(cy, node) {
  cy.batch(() => {
    cy.elements().removeClass("dim chosen");
    if (node.nonempty()) {
      cy.elements().not(node.closedNeighborhood()).not(".site").addClass("dim");
      node.addClass("chosen");
    }
  });
}

function siteNode(site) {
  return `s:${site}`;
}

// Laid out without a search, too.
function isVeryLarge(vms) {
  return vms > 400;
}

function layOut(cy) {
  if (isVeryLarge(cy.nodes(".vm").length)) {
    spread(cy);
    boxIn(cy);
    fitTo(cy, boxOf(cy.nodes(".vm"), aroundVms));
    return;
  }
  cy.layout({
    name: "fcose", quality: "proof", animate: false, randomize: true, fit: true, padding: 16, packComponents: true, nodeDimensionsIncludeLabels: true,
    idealEdgeLength: 90, nodeRepulsion: 9000, nodeSeparation: 90, tile: true,
  }).run();
}

// The library's own would measure each label first.
function fitTo(cy, box) {
  const zoom = Math.min(cy.width() / box.width, cy.height() / box.height) * 0.95;
  cy.viewport({ zoom, pan: { x: cy.width() / 2 - zoom * box.x, y: cy.height() / 2 - zoom * box.y } });
}

// What is drawn stays where it is as long as the same VMs are at the same sites.
function placesOf(model) {
  return JSON.stringify([model.sites, model.vms.map(vm => [vm.name, vm.site])]);
}

export function draw(element, model, owner) {
  const before = shown.get(element);
  const places = placesOf(model);
  const cy = before?.cy ?? cytoscape({
    container: element, style: styleOf(element), minZoom: 0.05, maxZoom: 4, userZoomingEnabled: false, boxSelectionEnabled: false,
  });
  if (before === undefined) {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const restyle = () => cy.style(styleOf(element));
    scheme.addEventListener("change", restyle);
    const sizes = new ResizeObserver(() => cy.resize());
    sizes.observe(element);
    // What is dragged passes over others: to dim the rest anew at each of them would draw all of it each time.
    let isHeld = false;
    cy.on("grab", "node.vm", () => isHeld = true);
    cy.on("free", "node.vm", () => isHeld = false);
    cy.on("mouseover", "node.vm", happened => isHeld || dim(cy, happened.target));
    cy.on("mouseout", "node.vm", () => isHeld || dim(cy, chosenOf(element)));
    cy.on("dragfree", "node.vm", () => boxIn(cy));
    cy.on("tap", "node.vm", happened => owner.invokeMethodAsync("Choose", happened.target.data("name")));
    shown.set(element, { cy, outline: outline(cy, element), end: () => { scheme.removeEventListener("change", restyle); sizes.disconnect(); cy.destroy(); } });
  }
  // While a large drawing is moved as a whole, a picture of it is moved; what is dragged out of a very large one goes without lines.
  Object.assign(cy.renderer(), { textureOnViewport: model.edges.length > 1000, hideEdgesOnViewport: model.edges.length > 4000 });
  const entry = shown.get(element);
  const stays = entry.places === places;
  const old = stays ? new Map(cy.nodes(".vm").map(node => [node.id(), { ...node.position() }])) : null;
  cy.batch(() => {
    cy.elements().remove();
    cy.add(elementsOf(model));
    old?.forEach((position, id) => cy.getElementById(id).position(position));
  });
  if (stays) {
    boxIn(cy);
  } else {
    layOut(cy);
  }
  [entry.places, entry.chosen] = [places, model.chosen];
  dim(cy, chosenOf(element));
  entry.outline();
  element.dataset.drawn = `${cy.nodes(".vm").length} ${cy.edges().length}`;
}

function chosenOf(element) {
  const { cy, chosen } = shown.get(element);
  return chosen === null ? cy.collection() : cy.getElementById(`v:${chosen}`);
}

export function zoom(element, factor) {
  const cy = shown.get(element)?.cy;
  cy?.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

export function fit(element) {
  shown.get(element)?.cy.fit(undefined, 16);
}

// Where a VM is, in pixels of the drawing: for who works the page by a script.
export function placeOf(element, vm) {
  const at = shown.get(element).cy.getElementById(`v:${vm}`).renderedPosition();
  return [at.x, at.y];
}

export async function savePicture(element, name) {
  const cy = shown.get(element)?.cy;
  if (cy !== undefined) {
    saveBlob(await cy.png({ output: "blob-promise", full: true, scale: 2, maxWidth: 4000, maxHeight: 4000, bg: colour(element, "ground") }), name);
  }
}

export function saveVector(element, name) {
  const cy = shown.get(element)?.cy;
  if (cy !== undefined) {
    const colours = Object.fromEntries(["ink", "quiet", "link", "warn", "ground", "panel"].map(name => [name, colour(element, name)]));
    saveBlob(new Blob([vectorOf(cy, colours)], { type: "image/svg+xml" }), name);
  }
}

function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function forget(element) {
  shown.get(element)?.end();
  shown.delete(element);
}
