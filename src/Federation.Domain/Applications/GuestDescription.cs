using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Applications;

/// <summary>Makes of what an application's owner described what a hypervisor is told.</summary>
public static class GuestDescription
{
    private const string AddressPlace = "${vm:address}";

    /// <summary>A VM as a hypervisor of a site is told of it. Its user data names secrets yet: <see cref="GuestSecrets.PutIn"/>.</summary>
    /// <remarks>
    /// Where an image is at the site, its copies there come first. The same arguments give the same VM, hardware addresses too. Where the VM names no IP address, the place of one in
    /// its texts stays open until it is known which one its network gives it: <see cref="Addressed"/>.
    /// </remarks>
    /// <param name="application">The application, of the incarnation that the VM is of.</param>
    /// <param name="vm">The VM, one of the application's.</param>
    /// <param name="site">The site.</param>
    /// <returns>The VM; an image that it needs and that nobody says where to have is without sources, see <see cref="AgainstImages"/>.</returns>
    public static GuestSpec Of(Application application, VmSpec vm, Site site)
    {
        var id = new VmRef(application.Id, vm.Id);
        var guest = vm.Guest ?? new VmGuest();
        return new()
        {
            Vm = id,
            Vcpus = vm.Vcpus,
            MemoryBytes = vm.MemoryBytes,
            Hardware = guest.Hardware,
            Kernel = guest.Kernel is { } kernel
                ? new(ImageAt(application, site, kernel.Image), kernel.Initrd is { } initrd ? ImageAt(application, site, initrd) : null, Filled(kernel.Arguments, vm))
                : null,
            Disks = [.. guest.Disks.Select(disk => new GuestDisk(disk.Name, disk.Image is { } image ? ImageAt(application, site, image) : null, disk.SizeBytes))],
            Nics = Nics(id, vm, guest),
            UserData = guest.UserData is { } text ? Filled(text, vm) : null,
        };
    }

    /// <summary>A VM that runs, as a hypervisor of another site is told of it: the same, but for where its images are to be had.</summary>
    /// <param name="started">As what it was started.</param>
    /// <param name="application">Its application, as it is described by now.</param>
    /// <param name="site">The site.</param>
    public static GuestSpec At(GuestSpec started, Application application, Site site)
    {
        var sources = site.Images.Concat(application.Images).ToLookup(image => image.Sha256, image => image.Sources);
        GuestImage Here(GuestImage image) => image with { Sources = [.. sources[image.Sha256].SelectMany(known => known).Concat(image.Sources).Distinct()] };
        return started with
        {
            Kernel = started.Kernel is { } kernel ? kernel with { Image = Here(kernel.Image), Initrd = kernel.Initrd is { } initrd ? Here(initrd) : null } : null,
            Disks = [.. started.Disks.Select(disk => disk.Base is { } image ? disk with { Base = Here(image) } : disk)],
        };
    }

    /// <summary>Whether its texts ask for an IP address that its description does not name.</summary>
    public static bool AsksForAddress(GuestSpec guest) => Texts(guest).Any(text => text.Contains(AddressPlace, StringComparison.Ordinal));

    /// <summary>The VM with the IP address in its texts that its network gave it.</summary>
    /// <param name="guest">The VM.</param>
    /// <param name="given">The address; null: it was given none, and nothing stands in its place.</param>
    public static GuestSpec Addressed(GuestSpec guest, Address? given)
    {
        string Put(string text) => text.Replace(AddressPlace, given?.ToString() ?? "", StringComparison.Ordinal);
        return guest with
        {
            Kernel = guest.Kernel is { } kernel ? kernel with { Arguments = Put(kernel.Arguments) } : null,
            UserData = guest.UserData is { } text ? Put(text) : null,
        };
    }

    /// <summary>Why a VM cannot start at a site for want of an image; null: all of them can be had there.</summary>
    public static Refusal? AgainstImages(Application application, VmSpec vm, Site site) =>
        vm.Guest is not ({ Kernel: not null } or { Disks.IsEmpty: false }) && site.HostShapes is { IsEmpty: false } shapes && shapes.All(shape => shape.Hypervisor.NeedsImage)
            ? Refusal.GuestMissing(site.Id, vm.Id)
        : vm.Guest?.Images.FirstOrDefault(image => ImageAt(application, site, image).Sources.IsEmpty) is { } missing
            ? Refusal.ImageMissing(site.Id, vm.Id, missing)
            : null;

    private static GuestImage ImageAt(Application application, Site site, string name)
    {
        var image = application.Images.First(image => image.Name == name);
        var copies = site.Images.Where(copy => copy.Sha256 == image.Sha256).SelectMany(copy => copy.Sources);
        return image with { Sources = [.. copies.Concat(image.Sources).Distinct()] };
    }

    private static ImmutableArray<GuestNic> Nics(VmRef id, VmSpec vm, VmGuest guest)
    {
        ImmutableArray<VmNic> nics = guest.Nics.IsEmpty ? [OnlyNic(vm)] : guest.Nics;
        return [.. nics.Select((nic, index) => new GuestNic(nic.Mac?.ToString() ?? DerivedMac.Of(id, index), nic.Addresses))];
    }

    // A hardware address among the VM's own is the interface's, unless there are several.
    private static VmNic OnlyNic(VmSpec vm)
    {
        var macs = vm.Addresses.Where(address => address.Kind == AddressKind.Mac).ToList();
        return new(macs is [var only] ? only : null, [.. vm.Addresses.Where(address => address.Kind != AddressKind.Mac)]);
    }

    private static string Filled(string text, VmSpec vm)
    {
        text = text.Replace("${vm:name}", vm.Id.Value, StringComparison.Ordinal);
        return vm.Addresses.Where(address => address.Kind != AddressKind.Mac).Select(address => address.ToString()).FirstOrDefault() is { } first
            ? text.Replace(AddressPlace, first, StringComparison.Ordinal)
            : text;
    }

    private static IEnumerable<string> Texts(GuestSpec guest) => new[] { guest.Kernel?.Arguments, guest.UserData }.OfType<string>();
}
