export { product, symmetric, workBytes } from "./product.ts";
