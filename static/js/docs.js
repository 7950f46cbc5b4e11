// Starts Swagger UI on /docs: its own start-up line would be an inline script, which our policy forbids.
// @ts-check

/** @typedef {(options: Record<string, unknown>) => unknown} SwaggerUi */

const place = /** @type {HTMLElement} */ (document.getElementById('api'))
const swagger = /** @type {{ SwaggerUIBundle: SwaggerUi }} */ (/** @type {unknown} */ (globalThis))

swagger.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.openapi,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
})
