import * as pulumi from "@pulumi/pulumi";

/** The value of an output, once it is known. Only under mocks, where every output becomes known. */
export async function resolve<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return await new Promise((settle, fail) => {
    pulumi.output(output).apply((value) => {
      settle(value);
    });
    // An output that fails never calls `apply`.
    (pulumi.output(output) as unknown as { promise(): Promise<unknown> }).promise().catch(fail);
  });
}
