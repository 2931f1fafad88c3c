using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Federation.Domain.Guests;

namespace Federation.Actuation.Tests.Qemu;

/// <summary>The guest that checks its memory (tests/guests), built once a run, and what it says.</summary>
internal static class PagesGuest
{
    private static readonly Lazy<GuestImage> Built = new(Build);

    /// <summary>Its kernel.</summary>
    public static GuestImage Image => Built.Value;

    /// <summary>A VM that it runs in.</summary>
    /// <param name="vm">The VM's name.</param>
    /// <param name="arguments">The guest's command line.</param>
    public static GuestSpec Spec(string vm, string arguments = "hot=64 cold=16") => new()
    {
        Vm = Domain.Identity.VmRef.Parse($"astro/cg.1/{vm}"),
        Vcpus = 1,
        MemoryBytes = 16 << 20,
        Kernel = new(Image, null, arguments),
    };

    /// <summary>The rounds that it told of last; 0: it told of none.</summary>
    public static long Beats(string console) => Lines(console).Where(line => line[0] == "HB").Select(line => long.Parse(line[1], CultureInfo.InvariantCulture)).LastOrDefault();

    /// <summary>The pages that had lost a write.</summary>
    public static int Stale(string console) => Lines(console).Count(line => line[0] == "STALE");

    private static IEnumerable<string[]> Lines(string console) =>
        console.Split('\n').SkipLast(1).Select(line => line.Split(' ')).Where(line => line is ["UP", _] or ["HB", _, _, _] or ["STALE", ..]);

    private static GuestImage Build()
    {
        var folder = Directory.CreateTempSubdirectory("fed-guest-").FullName;
        using var build = Process.Start(new ProcessStartInfo(Path.Combine(Here(), "../../guests/build.sh"), [folder]))!;
        build.WaitForExit();
        var kernel = Path.Combine(folder, "pages.elf");
        return new("pages", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(kernel))), [new Uri(kernel).AbsoluteUri]);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
