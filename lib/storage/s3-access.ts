// What is to be known of an object store. Free of its client's types, which programs may not have installed.

/** How to reach an object store. What is left out comes from the environment, as for every program that uses AWS's SDK. */
export interface S3Access {
  /** URL of a store other than AWS's own. */
  readonly endpoint?: string | undefined;
  /** Default: `AWS_REGION`, else that of the shared configuration; with an endpoint, `us-east-1`. */
  readonly region?: string | undefined;
  /** Default: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, shared configuration, or the role of the machine. */
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }
    | undefined;
  /** Whether the bucket is in the path of the URL instead of the host's name. Default false. */
  readonly pathStyleAccess?: boolean | undefined;
}
