//! Code that is in the module only because a table of functions names it, and that nothing ever calls.

use walrus::{FunctionKind, Module, ir::Unreachable};

/// Every view of Leptos carries a second way to hydrate, for pages whose parts are loaded late. Only `hydrate_lazy` starts
/// it, and our entries call `hydrate_body`; but each erased view names it, so no linker can leave it out.
pub const WORD: &str = "hydrate_async";

/// Empties those functions: whoever calls one stops with an error in the browser's console, and every journey of the
/// browser tests runs through what is left. Should the library call them something else one day, the sizes will tell.
pub fn empty(module: &mut Module) {
    for function in module.funcs.iter_mut() {
        let unreached = function.name.as_ref().is_some_and(|name| name.contains(WORD));
        if let FunctionKind::Local(local) = &mut function.kind
            && unreached
        {
            let body = local.entry_block();
            local.block_mut(body).instrs = vec![(Unreachable {}.into(), Default::default())];
        }
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, FunctionId, ValType, ir::Instr};

    use super::*;

    fn add(module: &mut Module, name: &str) -> FunctionId {
        let mut function = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        function.name(name.to_owned());
        function.func_body().i32_const(1);
        function.finish(Vec::new(), &mut module.funcs)
    }

    fn only_stops(module: &Module, function: FunctionId) -> bool {
        let body = module.funcs.get(function).kind.unwrap_local();
        let instructions = &body.block(body.entry_block()).instrs;
        matches!(instructions.as_slice(), [(Instr::Unreachable(_), _)])
    }

    #[test]
    fn only_what_nobody_calls_is_emptied() {
        let mut module = Module::default();
        let unreached = add(&mut module, "into_any::hydrate_async::{{closure}}::h1f");
        let reached = add(&mut module, "into_any::hydrate_from_server::h1f");
        empty(&mut module);
        assert!(only_stops(&module, unreached) && !only_stops(&module, reached));
    }
}
