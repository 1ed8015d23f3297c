/**
 * Headers for every answer of our own. The first keeps a page of another origin from loading it as
 * a script, a style or an image, which CORS does not; the second keeps a browser from guessing.
 */
export const ownHeaders = {
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;
