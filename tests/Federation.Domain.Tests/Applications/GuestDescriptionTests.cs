using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using System.Text.Json;
using Xunit;

namespace Federation.Domain.Tests.Applications;

public sealed class GuestDescriptionTests
{
    private static readonly GuestImage Image = new("debian", new('a', 64), ["https://images.example/debian"]);
    private static readonly Site Site = Samples.Site("a") with { Images = [new("theirs", new('a', 64), ["file:///srv/debian"]), new("debian", new('b', 64), ["file:///srv/other"])] };

    [Fact]
    public void A_site_s_own_copies_come_first_and_are_known_by_their_checksum()
    {
        var guest = Of(new VmGuest { Disks = [new("root", "debian", 5)] });
        guest.Disks.ShouldHaveSingleItem().Base.ShouldNotBeNull().Sources.ShouldBe(["file:///srv/debian", "https://images.example/debian"]);
        guest.Disks[0].Base!.Name.ShouldBe("debian");
    }

    [Fact]
    public void A_kernel_and_an_empty_disk_are_passed_on()
    {
        var guest = Of(new VmGuest { Kernel = new("debian", "debian", "root=/dev/vda"), Disks = [new("data", null, 7)], Hardware = new("x86_64", "q35", "Haswell") });
        guest.Kernel.ShouldNotBeNull().Arguments.ShouldBe("root=/dev/vda");
        guest.Kernel.Initrd.ShouldNotBeNull().Sha256.ShouldBe(Image.Sha256);
        guest.Disks.ShouldBe([new GuestDisk("data", null, 7)]);
        (guest.Hardware, guest.Vcpus, guest.MemoryBytes, guest.Vm.Key).ShouldBe((new GuestHardware("x86_64", "q35", "Haswell"), 2, 4 * Samples.GiB, "astro/cg.1/v"));
    }

    [Fact]
    public void A_VM_of_which_nothing_is_said_has_one_interface_at_all_its_addresses()
    {
        var nic = Of(null, "10.0.0.1", "2001:db8::1").Nics.ShouldHaveSingleItem();
        nic.Mac.ShouldBe(DerivedMac.Of(new(new(new("astro"), "cg", 1), new("v")), 0));
        nic.Addresses.ShouldBe([Address.Parse("10.0.0.1"), Address.Parse("2001:db8::1")]);
    }

    [Fact]
    public void The_one_hardware_address_of_a_VM_is_its_interface_s() =>
        Of(null, "10.0.0.1", "52:54:00:00:00:07").Nics.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            nic => nic.Mac.ShouldBe("52:54:00:00:00:07"), nic => nic.Addresses.ShouldBe([Address.Parse("10.0.0.1")]));

    [Fact]
    public void Interfaces_have_the_hardware_address_given_or_one_derived_from_their_number()
    {
        var guest = Of(new VmGuest { Nics = [new(Address.Parse("52:54:00:00:00:01"), []), new(null, [Address.Parse("10.0.0.1")])] }, "10.0.0.1");
        guest.Nics.Select(nic => nic.Mac).ShouldBe(["52:54:00:00:00:01", DerivedMac.Of(guest.Vm, 1)]);
    }

    [Fact]
    public void The_VM_s_name_and_address_are_put_in_and_secrets_are_not()
    {
        var guest = Of(new VmGuest { Kernel = new("debian", null, "ip=${vm:address} host=${vm:name}"), UserData = "${vm:name} ${secret:a} ${HOME}" }, "52:54:00:00:00:07", "10.0.0.1");
        guest.Kernel!.Arguments.ShouldBe("ip=10.0.0.1 host=v");
        guest.UserData.ShouldBe("v ${secret:a} ${HOME}");
    }

    [Fact]
    public void A_VM_that_names_no_address_is_told_the_one_that_it_is_given_and_one_that_names_some_is_not()
    {
        var texts = new VmGuest { Kernel = new("debian", null, "ip=${vm:address}"), UserData = "${vm:name} ${vm:address}" };
        var (open, named) = (Of(texts, "52:54:00:00:00:07"), Of(texts, "10.0.0.1"));
        (GuestDescription.AsksForAddress(open), GuestDescription.AsksForAddress(named)).ShouldBe((true, false));
        var told = GuestDescription.Addressed(open, Address.Parse("10.42.0.3"));
        (told.Kernel!.Arguments, told.UserData).ShouldBe(("ip=10.42.0.3", "v 10.42.0.3"));
        GuestDescription.Addressed(named, Address.Parse("10.42.0.3")).UserData.ShouldBe("v 10.0.0.1");
        GuestDescription.Addressed(open, null).UserData.ShouldBe("v ");
    }

    [Fact]
    public void An_image_that_nobody_has_is_refused_at_the_site_and_one_that_the_site_has_is_not()
    {
        var application = Application(new VmGuest { Disks = [new("root", "debian", 5)] }) with { Images = [Image with { Sources = [] }] };
        GuestDescription.AgainstImages(application, application.Vms[0], Samples.Site("b")).ShouldBe(Refusal.ImageMissing(new("b"), new("v"), "debian"));
        GuestDescription.AgainstImages(application, application.Vms[0], Site).ShouldBeNull();
    }

    [Fact]
    public void What_runs_stays_what_it_is_at_another_site_but_for_where_its_images_are()
    {
        var started = Of(new VmGuest { Kernel = new("debian", null, "x"), Disks = [new("root", "debian", 5)], UserData = "${secret:a}" });
        // Meanwhile the description says otherwise, and the image is elsewhere.
        var changed = Application(new VmGuest { Disks = [new("other", null, 9)] }) with { Images = [new("renamed", Image.Sha256, ["https://new.example/debian"])] };
        var there = GuestDescription.At(started, changed, Samples.Site("b") with { Images = [new("b's", Image.Sha256, ["file:///b/debian"])] });
        there.Disks.ShouldHaveSingleItem().Base!.Sources.ShouldBe(["file:///b/debian", "https://new.example/debian", "file:///srv/debian", "https://images.example/debian"]);
        there.Kernel!.Image.Sources[0].ShouldBe("file:///b/debian");
        (there.Disks[0].Name, there.Disks[0].SizeBytes, there.UserData, there.Nics[0].Mac).ShouldBe(("root", 5, "${secret:a}", started.Nics[0].Mac));
    }

    [Fact]
    public void A_description_is_stored_as_it_was_read()
    {
        var application = Application(new VmGuest
        {
            Disks = [new("root", "debian", 5, 3, 1.5)], Kernel = new("debian", null, "x"), Nics = [new(null, [])], UserData = "${secret:a}",
        }) with { Moves = new() { WhenMissed = MissedLimit.Cold }, ColdMoves = new(TimeSpan.FromMinutes(1), ColdMoves.UsualBoot), Restart = true };
        var json = JsonSerializer.Serialize(application, DomainJson.Options);
        var read = JsonSerializer.Deserialize<Application>(json, DomainJson.Options)!;
        JsonSerializer.Serialize(read, DomainJson.Options).ShouldBe(json);
        (read.Vms[0].Guest!.Disks[0], read.Restart, read.ColdMoves, read.Moves.WhenMissed).ShouldBe((new VmDisk("root", "debian", 5, 3, 1.5), true, application.ColdMoves, MissedLimit.Cold));
    }

    [Fact]
    public void A_description_that_was_stored_before_there_were_guests_says_nothing_of_them()
    {
        var stored = JsonSerializer.SerializeToNode(Application(null), DomainJson.Options)!.AsObject();
        stored["vms"]![0]!.AsObject().Remove("guest").ShouldBeTrue();
        foreach (var key in new[] { "images", "moves", "coldMoves", "restart" })
        {
            stored.Remove(key).ShouldBeTrue();
        }

        var read = stored.Deserialize<Application>(DomainJson.Options)!;
        (read.Images.Length, read.Moves, read.ColdMoves, read.Restart, read.Vms[0].Guest).ShouldBe((0, new MoveLimits(), null, false, null));
    }

    private static GuestSpec Of(VmGuest? guest, params string[] addresses)
    {
        var application = Application(guest, addresses);
        return GuestDescription.Of(application, application.Vms[0], Site);
    }

    private static Application Application(VmGuest? guest, params string[] addresses) => Samples.View(
        [Site], Samples.Vm("v") with { Guest = guest, Addresses = [.. addresses.Select(Address.Parse)] }).Application with { Images = [Image] };
}
