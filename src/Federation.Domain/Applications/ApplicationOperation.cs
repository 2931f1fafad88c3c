using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Applications;

/// <summary>What is being done to an application. It is stored before anything is done, and an application has one at a time. Compared by reference.</summary>
/// <param name="Number">Counts the operations of the name over all its lives, from 1.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "operation")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(CarryOut), "plan")]
[JsonDerivedType(typeof(Repair), "repair")]
public abstract record ApplicationOperation(long Number)
{
    /// <summary>A new description takes effect, or none of it does.</summary>
    /// <param name="Number">The operation's number.</param>
    /// <param name="Next">The description, with its incarnation.</param>
    /// <param name="Adoptions">The VMs that it says to run somewhere, and of which the service does not know.</param>
    /// <param name="IsRunning">Whether all VMs run once these are adopted.</param>
    /// <param name="Stage">How far it is.</param>
    /// <param name="MayRun">Whether VMs may have been started for it.</param>
    /// <param name="Refused">Why it is given back; empty otherwise.</param>
    public sealed record Change(
        long Number,
        Application Next,
        ImmutableArray<Adoption> Adoptions,
        bool IsRunning,
        ChangeStage Stage,
        bool MayRun,
        ImmutableArray<Refusal> Refused) : ApplicationOperation(Number)
    {
        /// <summary>The VMs that stop once the description, which has them no more, is in force.</summary>
        public ImmutableArray<RemovedVm> Removed { get; init; } = [];

        /// <summary>What its places are kept for.</summary>
        [JsonIgnore]
        public ReservationId Reservation => ReservationId.OfAdoption(Next.Id, Number);
    }

    /// <summary>The application ends: its VMs are stopped, every place is given back.</summary>
    /// <param name="Number">The operation's number.</param>
    public sealed record Delete(long Number) : ApplicationOperation(Number);

    /// <summary>A plan is carried out.</summary>
    /// <param name="Number">The operation's number.</param>
    /// <param name="Plan">The plan.</param>
    public sealed record CarryOut(long Number, PlanId Plan) : ApplicationOperation(Number);

    /// <summary>What does not fit together is made to fit, as far as it still does not.</summary>
    /// <param name="Number">The operation's number.</param>
    /// <param name="Findings">What was found.</param>
    public sealed record Repair(long Number, ImmutableArray<Finding> Findings) : ApplicationOperation(Number);
}

/// <summary>How far a change is.</summary>
public enum ChangeStage
{
    /// <summary>Places are reserved for the VMs that are adopted.</summary>
    Reserving,

    /// <summary>They are confirmed, and the VMs run there.</summary>
    Starting,

    /// <summary>The description is in force; the directory, the sites and the VMs are told.</summary>
    Settling,

    /// <summary>It is refused: what was reserved and started is given back.</summary>
    GivingBack,
}

/// <summary>A VM that is taken over where its application's file says that it runs.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="At">Where.</param>
/// <param name="RanBefore">Whether it was found running there: then it is not stopped when the change is refused.</param>
public sealed record Adoption(VmId Vm, Location At, bool RanBefore = false);
