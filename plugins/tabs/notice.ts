/** Something that the developer should know and that no error tells. */
export interface Notice {
  readonly kind:
    | 'no-reload'
    | 'script-error'
    | 'failed-request'
    | 'watching'
    | 'upstream'
    | 'certificate'
    | 'webhook'
    | 'failed-route'
    | 'limit';
  /** The URL path of the page it is about, if it is about one; in visible characters. */
  readonly page?: string;
  /** One line that is complete by itself; what came from a client is escaped. */
  readonly text: string;
}
