import { httpListener } from "./listeners";
import { platformGateway } from "./names";

/**
 * A route's `spec` that sends every request by HTTP on to HTTPS, whatever its host: it names none. What answers an authority's
 * challenge names a path and a host, and so comes before it.
 *
 * @param port Where HTTPS is from outside. Default 443.
 */
export function redirectToHttps(port?: number): object {
  return {
    parentRefs: [{ name: platformGateway, sectionName: httpListener.name }],
    rules: [
      {
        filters: [
          {
            type: "RequestRedirect",
            requestRedirect: { scheme: "https", statusCode: 301, ...(port !== undefined && { port }) },
          },
        ],
      },
    ],
  };
}
