"""Makes the fonts of crates/export from Inter 4.1 (npm package inter-ui@4.1.1)."""
import os, sys
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

source, target = sys.argv[1:3]
wide = "20-7E,A0-24F,259,2B0-2FF,300-304,306-30C,323-328,1E00-1EFF,370-3FF,400-45F,490-4FF,2000-200B,2010-2027,202F-2044,2070-209F,20A0-20C0,2113,2116,2117,2120-2122,2126,212E,2150-215E,2190-2199,21D0-21D5,2202,2206,220F,2211,2212,2215,2219,221A,221E,222B,2248,2260,2261,2264,2265,25A0-25FF,2605,2606,2610-2613,2713,2717,FFFD"
narrow = "20-7E,A0-17F,2009,2010-2027,202F-203A,20AC,2122,2190-2193,2212,2260,2264,2265,FFFD"
ranges = lambda text: [c for part in text.split(",") for a, _, b in [part.partition("-")] for c in range(int(a, 16), int(b or a, 16) + 1)]

def make(file, weight, name, style, characters):
    font = TTFont(os.path.join(source, file))
    axes = {a.axisTag: a.defaultValue for a in font["fvar"].axes}
    axes.update(wght=weight, opsz=14)
    font = instancer.instantiateVariableFont(font, axes, inplace=True, updateFontNames=False)
    # Tabular figures, as everywhere in the product: nobody has to ask for them.
    tabular = {}
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[index].SubTable:
                    tabular.update(getattr(table, "ExtSubTable", table).mapping)
    for table in font["cmap"].tables:
        if table.isUnicode():
            for code in range(0x30, 0x3A):
                if code in table.cmap:
                    table.cmap[code] = tabular.get(table.cmap[code], table.cmap[code])
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.hinting = False
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["STAT", "meta", "DSIG", "gasp", "prep"]
    cut = subset.Subsetter(options)
    cut.populate(unicodes=ranges(characters))
    cut.subset(font)
    full = f"Inter {name}"
    for identity, text in {1: "Inter", 2: name, 4: full, 6: f"Inter-{name.replace(' ', '')}", 3: f"4.001;Inter-{name}"}.items():
        font["name"].setName(text, identity, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b1 if style else 0) | (0b1000000 if weight == 400 and not style else 0)
    font["head"].macStyle = 2 if style else 0
    # No clock: the same input makes the same files.
    font.recalcTimestamp = False
    font.flavor = None
    out = os.path.join(target, f"Inter-{name.replace(' ', '')}.ttf")
    font.save(out)
    print(out, os.path.getsize(out), len(font.getGlyphOrder()))


os.makedirs(target, exist_ok=True)
make("InterVariable.woff2", 400, "Regular", False, wide)
make("InterVariable.woff2", 600, "SemiBold", False, wide)
make("InterVariable-Italic.woff2", 400, "Italic", True, narrow)
make("InterVariable-Italic.woff2", 600, "SemiBold Italic", True, narrow)
