//! The arrows between the files of a crate, computed from its source.
//!
//! An arrow leads from a file that names an item to the file that defines it, through every re-export. What stands under
//! `#[cfg(test)]` names nothing; declaring a child module or re-exporting its items names nothing either.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item};

use super::modules::{Meaning, Sources, Target, Tree, attributes_of, is_test, leaves};

/// One file names an item that another defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub to: String,
    pub item: String,
}

/// What a crate's files name of each other.
pub struct Arrows {
    pub arrows: BTreeSet<Arrow>,
    /// The files from the root to each file: the module of one holds that of the next.
    pub chains: BTreeMap<String, Vec<String>>,
}

impl Arrows {
    /// Reads the crate whose root is `root`, and the files that its modules declare.
    pub fn read(sources: &Sources, root: &str) -> Self {
        let tree = Tree::read(sources, root);
        let chains = tree.modules.iter().map(|module| (module.file.clone(), tree.chain(&module.file))).collect();
        Self { arrows: between(&tree), chains }
    }
}

/// Every arrow between two files.
fn between(tree: &Tree) -> BTreeSet<Arrow> {
    let mut arrows = BTreeSet::new();
    for (number, module) in tree.modules.iter().enumerate() {
        for item in &module.items {
            let mut bound = Bound::default();
            bound.visit_item(item);
            let mut finder = Finder { tree, module: number, bound, arrows: &mut arrows };
            if let Item::Use(item) = item {
                finder.import(item);
            } else {
                finder.visit_item(item);
            }
        }
    }
    arrows
}

/// What an item binds inside itself: variables, and the imports of function bodies.
#[derive(Default)]
struct Bound {
    variables: BTreeSet<String>,
    imports: BTreeMap<String, Vec<String>>,
}

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = pattern.ident.to_string();
        // A capital is a constant or a variant that the pattern compares with.
        if !name.starts_with(char::is_uppercase) {
            self.variables.insert(name);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut found = Vec::new();
        leaves(&item.tree, &[], &mut found);
        self.imports.extend(found);
    }
}

struct Finder<'t> {
    tree: &'t Tree,
    module: usize,
    bound: Bound,
    arrows: &'t mut BTreeSet<Arrow>,
}

impl Finder<'_> {
    fn own_file(&self) -> &str {
        &self.tree.modules[self.module].file
    }

    /// The paths of a `use`: each is an arrow, unless it re-exports what lies below this module.
    fn import(&mut self, item: &syn::ItemUse) {
        let is_private = matches!(item.vis, syn::Visibility::Inherited);
        let mut found = Vec::new();
        leaves(&item.tree, &[], &mut found);
        for (name, path) in found {
            for target in self.tree.follow(self.module, &path, &mut Vec::new()) {
                match target {
                    Target::Item { file, name } if is_private || !self.tree.is_below(&file, self.module) => {
                        self.arrow(file, name);
                    }
                    Target::Module(module) if name == "*" && is_private => {
                        let module = &self.tree.modules[module];
                        if module.names.values().flatten().any(|one| matches!(one, Meaning::Item)) {
                            self.arrow(module.file.clone(), "*".to_owned());
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn arrow(&mut self, to: String, item: String) {
        let from = self.own_file().to_owned();
        if from != to {
            self.arrows.insert(Arrow { from, to, item });
        }
    }

    /// A path in the code.
    fn name(&mut self, path: &[String]) {
        let Some((first, rest)) = path.split_first() else { return };
        if rest.is_empty() && self.bound.variables.contains(first) {
            return;
        }
        let whole: Vec<String> = match self.bound.imports.get(first) {
            // `use form;` inside a function names the module's `form`.
            Some(import) if import.first() != Some(first) => import.iter().chain(rest).cloned().collect(),
            _ => path.to_vec(),
        };
        for target in self.tree.follow(self.module, &whole, &mut Vec::new()) {
            if let Target::Item { file, name } = target {
                self.arrow(file, name);
            }
        }
    }

    /// The paths in the tokens of a macro.
    fn tokens(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == sign);
        let mut at = 0;
        while at < tokens.len() {
            let begun = at;
            at += 1;
            match &tokens[begun] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while is(at, ':') && is(at + 1, ':') {
                        let Some(TokenTree::Ident(next)) = tokens.get(at + 2) else { break };
                        path.push(next.to_string());
                        at += 3;
                    }
                    let is_field = begun > 0 && is(begun - 1, '.') && !(begun > 1 && is(begun - 2, '.'));
                    // `name = value` and `name: value` give a field its value.
                    let is_label = path.len() == 1 && (is(at, ':') || (is(at, '=') && !is(at + 1, '=')));
                    if !is_field && !is_label {
                        self.name(&path);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let attributes: &[Attribute] = match item {
            syn::ImplItem::Fn(item) => &item.attrs,
            syn::ImplItem::Const(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_test(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !is_test(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.name(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = pattern.ident.to_string();
        if name.starts_with(char::is_uppercase) {
            self.name(&[name]);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        if let Some(name) = called.path.get_ident().map(ToString::to_string) {
            // A macro is also known in the modules below the one that defines it.
            let mut at = Some(self.module);
            while let Some(module) = at {
                let module = &self.tree.modules[module];
                if module.names.get(&name).is_some_and(|all| all.iter().any(|one| matches!(one, Meaning::Macro))) {
                    self.arrow(module.file.clone(), name);
                    break;
                }
                at = module.parent;
            }
        }
        self.tokens(called.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // `#[serde(with = "super::moment")]`.
        let syn::Meta::List(list) = &attribute.meta else { return };
        for token in list.tokens.clone() {
            let Ok(text) = syn::parse_str::<syn::LitStr>(&token.to_string()) else { continue };
            if let Ok(path) = text.parse::<syn::Path>()
                && path.segments.len() > 1
            {
                self.visit_path(&path);
            }
        }
    }
}
