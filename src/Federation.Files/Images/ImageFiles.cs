using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain;
using Federation.Domain.Guests;
using Federation.Files.Quantities;
using Federation.Yaml;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Files.Images;

/// <summary>Reads and writes the images of an application, and those that a site has copies of.</summary>
internal static class ImageFiles
{
    /// <summary>An image of an application; where it is to be had can be left to the sites.</summary>
    public static readonly Shape Image = new("image",
        Must("image", "debian-12"), Must("sha256", Digest), May("sources", Sources, Limits.Application.ImageSources));

    /// <summary>A site's copy of an image.</summary>
    public static readonly Shape Copy = new("imageCopy",
        Must("image", "debian-12"), Must("sha256", Digest), Must("sources", Sources, Limits.Application.ImageSources));

    private const string Digest = "ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e";
    private const string Sources = "[\"https://images.example/debian-12.qcow2\"]";

    /// <summary>The images; it is a fault if two have one name.</summary>
    public static ImmutableArray<GuestImage> Read(Section file, Shape shape)
    {
        var names = new HashSet<string>();
        var images = ImmutableArray.CreateBuilder<GuestImage>();
        foreach (var image in file.Sections("images", shape))
        {
            var name = image.Read("image", Names.Label, "");
            if (name.Length > 0 && !names.Add(name))
            {
                image.Refuse("image", "is the name of another image", "give every image a name of its own");
            }

            images.Add(new(name, image.Read("sha256", Guests.Sha256, ""), image.ReadAll("sources", Guests.Source)));
        }

        return images.ToImmutable();
    }

    /// <summary>Writes them, if there are any.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<GuestImage> images) => json.WriteListUnlessEmpty("images", images, (inner, image) =>
    {
        inner.WriteStartObject();
        inner.WriteString("image", image.Name);
        inner.WriteString("sha256", image.Sha256);
        inner.WriteListUnlessEmpty("sources", image.Sources, (list, source) => list.WriteStringValue(source));
        inner.WriteEndObject();
    });
}
