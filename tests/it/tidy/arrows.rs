//! The arrows between the files of a crate, computed from its source.
//!
//! An arrow leads from a file that names an item to the file that defines it, through every re-export. What stands under
//! `#[cfg(test)]` names nothing; declaring a child module or re-exporting its items names nothing either.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// The files of a crate: path from the folder of its root file, and text.
pub type Sources = BTreeMap<String, String>;

/// One file names an item that another defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub to: String,
    pub item: String,
}

/// What a name stands for in its module.
#[derive(Debug, Clone)]
enum Meaning {
    Item,
    Macro,
    Child(usize),
    /// The path of a `use`.
    Alias(Vec<String>),
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(usize),
    Item { file: String, name: String },
}

impl Target {
    fn module(&self) -> Option<usize> {
        match self {
            Self::Module(module) => Some(*module),
            Self::Item { .. } => None,
        }
    }
}

#[derive(Default)]
struct Module {
    parent: Option<usize>,
    file: String,
    /// The folder that files of its child modules lie in.
    folder: String,
    names: BTreeMap<String, Vec<Meaning>>,
    /// Paths that end in `::*`.
    globs: Vec<Vec<String>>,
    items: Vec<Item>,
}

/// The modules of a crate.
struct Tree {
    modules: Vec<Module>,
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
        Self { arrows: tree.arrows(), chains }
    }
}

/// The files below `folder`.
pub fn sources(folder: &Path) -> Sources {
    fn walk(base: &Path, folder: &Path, found: &mut Sources) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(base, &path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = Sources::new();
    walk(folder, folder, &mut found);
    found
}

/// Whether an item exists in tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.is_ident("test") {
            return true;
        }
        let Ok(list) = attribute.meta.require_list() else { return false };
        let condition: String = list.tokens.to_string().split_whitespace().collect();
        path.is_ident("cfg") && (condition == "test" || condition.starts_with("all(test"))
    })
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name that an item defines in its module.
fn name_of(item: &Item) -> Option<(String, Meaning)> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Macro(item) => return Some((item.ident.as_ref()?.to_string(), Meaning::Macro)),
        _ => return None,
    };
    Some((ident.to_string(), Meaning::Item))
}

fn items_of(sources: &Sources, file: &str) -> Vec<Item> {
    syn::parse_file(&sources[file]).unwrap_or_else(|error| panic!("{file}: {error}")).items
}

/// The leaves of a `use`: the name that each brings, `*` for all names, and its path.
fn leaves(tree: &UseTree, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let with = |ident: &syn::Ident| {
        let mut path = before.to_vec();
        // `a::{self}` is `a`.
        if before.is_empty() || ident != "self" {
            path.push(ident.to_string());
        }
        path
    };
    match tree {
        UseTree::Path(tree) => leaves(&tree.tree, &with(&tree.ident), found),
        UseTree::Name(tree) => {
            let path = with(&tree.ident);
            found.push((path.last().unwrap().clone(), path));
        }
        UseTree::Rename(tree) => found.push((tree.rename.to_string(), with(&tree.ident))),
        UseTree::Glob(_) => found.push(("*".to_owned(), before.to_vec())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, before, found)),
    }
}

impl Tree {
    fn read(sources: &Sources, root: &str) -> Self {
        let mut tree = Self { modules: Vec::new() };
        let folder = root.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let module = Module { file: root.to_owned(), folder, ..Module::default() };
        tree.add(module, items_of(sources, root), sources);
        tree
    }

    /// Adds a module and all below it; gives its number.
    fn add(&mut self, module: Module, items: Vec<Item>, sources: &Sources) -> usize {
        let own = self.modules.len();
        let (file, folder) = (module.file.clone(), module.folder.clone());
        self.modules.push(module);
        for item in items.into_iter().filter(|item| !is_test(attributes_of(item))) {
            match item {
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let inside = format!("{folder}{name}/");
                    let mut child = Module { parent: Some(own), folder: inside.clone(), ..Module::default() };
                    let items = if let Some((_, items)) = item.content {
                        child.file.clone_from(&file);
                        items
                    } else {
                        let places = [format!("{folder}{name}.rs"), format!("{inside}mod.rs")];
                        let place = places.into_iter().find(|place| sources.contains_key(place));
                        child.file = place.unwrap_or_else(|| panic!("{file} declares `{name}`, which has no file"));
                        items_of(sources, &child.file)
                    };
                    let child = self.add(child, items, sources);
                    self.modules[own].names.entry(name).or_default().push(Meaning::Child(child));
                }
                Item::Use(item) => {
                    let mut found = Vec::new();
                    leaves(&item.tree, &[], &mut found);
                    for (name, path) in found {
                        if name == "*" {
                            self.modules[own].globs.push(path);
                        } else {
                            self.modules[own].names.entry(name).or_default().push(Meaning::Alias(path));
                        }
                    }
                    self.modules[own].items.push(Item::Use(item));
                }
                item => {
                    if let Some((name, meaning)) = name_of(&item) {
                        self.modules[own].names.entry(name).or_default().push(meaning);
                    }
                    self.modules[own].items.push(item);
                }
            }
        }
        own
    }

    fn is_below(&self, file: &str, module: usize) -> bool {
        let within = |mut at: usize| loop {
            if at == module {
                return true;
            }
            match self.modules[at].parent {
                Some(parent) => at = parent,
                None => return false,
            }
        };
        file != self.modules[module].file
            && self.modules.iter().enumerate().any(|(at, one)| one.file == file && within(at))
    }

    /// What `name` means in `module`. `open` holds the imports that are being followed: two that lead to each other end.
    fn look_up(&self, module: usize, name: &str, open: &mut Vec<(usize, Vec<String>)>) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        let own = &self.modules[module];
        for meaning in own.names.get(name).into_iter().flatten() {
            match meaning {
                Meaning::Item | Meaning::Macro => {
                    found.insert(Target::Item { file: own.file.clone(), name: name.to_owned() });
                }
                Meaning::Child(child) => {
                    found.insert(Target::Module(*child));
                }
                Meaning::Alias(path) => found.extend(self.follow(module, path, open)),
            }
        }
        if found.is_empty() {
            for glob in &own.globs {
                for target in self.follow(module, glob, open) {
                    if let Target::Module(other) = target
                        && other != module
                    {
                        found.extend(self.look_up(other, name, open));
                    }
                }
            }
        }
        found
    }

    fn follow(&self, module: usize, path: &[String], open: &mut Vec<(usize, Vec<String>)>) -> BTreeSet<Target> {
        let import = (module, path.to_vec());
        if open.contains(&import) {
            return BTreeSet::new();
        }
        open.push(import);
        let found = self.resolve(module, path, open);
        open.pop();
        found
    }

    /// Where a path leads that stands in `module`; nowhere if it leaves the crate.
    fn resolve(&self, module: usize, path: &[String], open: &mut Vec<(usize, Vec<String>)>) -> BTreeSet<Target> {
        let mut at = module;
        let mut rest = path;
        let mut found = BTreeSet::new();
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" => at = 0,
                "self" => {}
                "super" => at = self.modules[at].parent.unwrap_or(at),
                _ => break,
            }
            found = BTreeSet::from([Target::Module(at)]);
            rest = others;
        }
        if found.is_empty() {
            let Some((first, others)) = rest.split_first() else { return found };
            (found, rest) = (self.look_up(at, first, open), others);
        }
        while let Some((next, others)) = rest.split_first() {
            let modules: Vec<usize> = found.iter().filter_map(Target::module).collect();
            // `Type::function`: the type is what is named.
            let Some(&first) = modules.first() else { break };
            found = modules.iter().flat_map(|&inside| self.look_up(inside, next, open)).collect();
            if found.is_empty() {
                // A macro of that module defines it.
                found.insert(Target::Item { file: self.modules[first].file.clone(), name: next.clone() });
            }
            rest = others;
        }
        found
    }

    /// Every arrow between two files.
    fn arrows(&self) -> BTreeSet<Arrow> {
        let mut arrows = BTreeSet::new();
        for (number, module) in self.modules.iter().enumerate() {
            for item in &module.items {
                let mut bound = Bound::default();
                bound.visit_item(item);
                let mut finder = Finder { tree: self, module: number, bound, arrows: &mut arrows };
                if let Item::Use(item) = item {
                    finder.import(item);
                } else {
                    finder.visit_item(item);
                }
            }
        }
        arrows
    }

    /// The files from the root to `file`.
    fn chain(&self, file: &str) -> Vec<String> {
        let mut at = self.modules.iter().position(|module| module.file == file);
        let mut chain: Vec<String> = Vec::new();
        while let Some(number) = at {
            let module = &self.modules[number];
            if chain.last() != Some(&module.file) {
                chain.push(module.file.clone());
            }
            at = module.parent;
        }
        chain.reverse();
        chain
    }
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
            for target in self.tree.resolve(self.module, &path, &mut Vec::new()) {
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
        for target in self.tree.resolve(self.module, &whole, &mut Vec::new()) {
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
