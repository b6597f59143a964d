//! The modules of a crate, read from its source: what each name means in each of them, and where a path leads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::{Attribute, Item, UseTree};

/// The files of a crate: path from the folder of its root file, and text.
pub type Sources = BTreeMap<String, String>;

/// What a name stands for in its module.
#[derive(Debug, Clone)]
pub enum Meaning {
    Item,
    Macro,
    Child(usize),
    /// The path of a `use`.
    Alias(Vec<String>),
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Module(usize),
    Item { file: String, name: String },
}

impl Target {
    pub fn module(&self) -> Option<usize> {
        match self {
            Self::Module(module) => Some(*module),
            Self::Item { .. } => None,
        }
    }
}

/// One module, with the items that tests do not have to themselves.
#[derive(Default)]
pub struct Module {
    pub parent: Option<usize>,
    pub file: String,
    /// The folder that files of its child modules lie in.
    folder: String,
    pub names: BTreeMap<String, Vec<Meaning>>,
    /// Paths that end in `::*`.
    globs: Vec<Vec<String>>,
    pub items: Vec<Item>,
}

/// The modules of a crate.
pub struct Tree {
    pub modules: Vec<Module>,
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
pub fn is_test(attributes: &[Attribute]) -> bool {
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

pub fn attributes_of(item: &Item) -> &[Attribute] {
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
pub fn leaves(tree: &UseTree, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
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
    pub fn read(sources: &Sources, root: &str) -> Self {
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

    /// Whether a file belongs to a module below this one.
    pub fn is_below(&self, file: &str, module: usize) -> bool {
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

    /// Where the path of an import leads.
    pub fn follow(&self, module: usize, path: &[String], open: &mut Vec<(usize, Vec<String>)>) -> BTreeSet<Target> {
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

    /// The files from the root to `file`.
    pub fn chain(&self, file: &str) -> Vec<String> {
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
