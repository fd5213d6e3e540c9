/** The part of ConvNetJS that is used here; the package has no types. */
declare module "convnetjs" {
  namespace convnetjs {
    type LayerDefinition = { readonly type: string; readonly [option: string]: string | number };

    class Vol {
      constructor(width: number, height: number, depth: number, fill: number);
      w: Float64Array;
    }

    class Net {
      makeLayers(definitions: readonly LayerDefinition[]): void;
      forward(image: Vol): Vol;
      getParamsAndGrads(): readonly { readonly params: Float64Array }[];
    }

    class Trainer {
      constructor(net: Net, options: { readonly [option: string]: string | number });
      train(image: Vol, label: number): { readonly loss: number };
    }
  }
  export default convnetjs;
}
