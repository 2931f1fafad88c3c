// All that the portal has of cytoscape.js, as one module: see refresh.sh.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);
export default cytoscape;
