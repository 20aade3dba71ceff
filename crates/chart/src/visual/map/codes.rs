//! Codes of countries and states, and other names that countries go by. Their usual names are in the shapes.

/// ISO 3166: two letters, three letters and the number of each country.
pub(super) const COUNTRIES: &str = "\
    ADAND020 AEARE784 AFAFG004 AGATG028 AIAIA660 ALALB008 AMARM051 AOAGO024 AQATA010 ARARG032 ASASM016 \
    ATAUT040 AUAUS036 AWABW533 AXALA248 AZAZE031 BABIH070 BBBRB052 BDBGD050 BEBEL056 BFBFA854 BGBGR100 \
    BHBHR048 BIBDI108 BJBEN204 BLBLM652 BMBMU060 BNBRN096 BOBOL068 BQBES535 BRBRA076 BSBHS044 BTBTN064 \
    BVBVT074 BWBWA072 BYBLR112 BZBLZ084 CACAN124 CCCCK166 CDCOD180 CFCAF140 CGCOG178 CHCHE756 CICIV384 \
    CKCOK184 CLCHL152 CMCMR120 CNCHN156 COCOL170 CRCRI188 CUCUB192 CVCPV132 CWCUW531 CXCXR162 CYCYP196 \
    CZCZE203 DEDEU276 DJDJI262 DKDNK208 DMDMA212 DODOM214 DZDZA012 ECECU218 EEEST233 EGEGY818 EHESH732 \
    ERERI232 ESESP724 ETETH231 FIFIN246 FJFJI242 FKFLK238 FMFSM583 FOFRO234 FRFRA250 GAGAB266 GBGBR826 \
    GDGRD308 GEGEO268 GFGUF254 GGGGY831 GHGHA288 GIGIB292 GLGRL304 GMGMB270 GNGIN324 GPGLP312 GQGNQ226 \
    GRGRC300 GSSGS239 GTGTM320 GUGUM316 GWGNB624 GYGUY328 HKHKG344 HMHMD334 HNHND340 HRHRV191 HTHTI332 \
    HUHUN348 IDIDN360 IEIRL372 ILISR376 IMIMN833 ININD356 IOIOT086 IQIRQ368 IRIRN364 ISISL352 ITITA380 \
    JEJEY832 JMJAM388 JOJOR400 JPJPN392 KEKEN404 KGKGZ417 KHKHM116 KIKIR296 KMCOM174 KNKNA659 KPPRK408 \
    KRKOR410 KWKWT414 KYCYM136 KZKAZ398 LALAO418 LBLBN422 LCLCA662 LILIE438 LKLKA144 LRLBR430 LSLSO426 \
    LTLTU440 LULUX442 LVLVA428 LYLBY434 MAMAR504 MCMCO492 MDMDA498 MEMNE499 MFMAF663 MGMDG450 MHMHL584 \
    MKMKD807 MLMLI466 MMMMR104 MNMNG496 MOMAC446 MPMNP580 MQMTQ474 MRMRT478 MSMSR500 MTMLT470 MUMUS480 \
    MVMDV462 MWMWI454 MXMEX484 MYMYS458 MZMOZ508 NANAM516 NCNCL540 NENER562 NFNFK574 NGNGA566 NINIC558 \
    NLNLD528 NONOR578 NPNPL524 NRNRU520 NUNIU570 NZNZL554 OMOMN512 PAPAN591 PEPER604 PFPYF258 PGPNG598 \
    PHPHL608 PKPAK586 PLPOL616 PMSPM666 PNPCN612 PRPRI630 PSPSE275 PTPRT620 PWPLW585 PYPRY600 QAQAT634 \
    REREU638 ROROU642 RSSRB688 RURUS643 RWRWA646 SASAU682 SBSLB090 SCSYC690 SDSDN729 SESWE752 SGSGP702 \
    SHSHN654 SISVN705 SJSJM744 SKSVK703 SLSLE694 SMSMR674 SNSEN686 SOSOM706 SRSUR740 SSSSD728 STSTP678 \
    SVSLV222 SXSXM534 SYSYR760 SZSWZ748 TCTCA796 TDTCD148 TFATF260 TGTGO768 THTHA764 TJTJK762 TKTKL772 \
    TLTLS626 TMTKM795 TNTUN788 TOTON776 TRTUR792 TTTTO780 TVTUV798 TWTWN158 TZTZA834 UAUKR804 UGUGA800 \
    UMUMI581 USUSA840 UYURY858 UZUZB860 VAVAT336 VCVCT670 VEVEN862 VGVGB092 VIVIR850 VNVNM704 VUVUT548 \
    WFWLF876 WSWSM882 YEYEM887 YTMYT175 ZAZAF710 ZMZMB894 ZWZWE716";

/// Postal code and FIPS number of each state.
pub(super) const STATES: &str = "\
    AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 \
    LA22 ME23 MD24 MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 \
    OK40 OR41 PA42 RI44 SC45 SD46 TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56 AS60 GU66 MP69 \
    PR72 VI78";

/// The number of a country, or its name in the shapes where it has none, and other names of it.
pub(super) const COUNTRY_NAMES: &[(&str, &[&str])] = &[
    (
        "068",
        &["Bolivia, Plurinational State of", "Plurinational State of Bolivia"],
    ),
    ("070", &["Bosnia and Herzegovina", "Bosnia"]),
    ("090", &["Solomon Islands"]),
    ("096", &["Brunei Darussalam"]),
    ("104", &["Burma"]),
    ("140", &["Central African Republic"]),
    ("156", &["People's Republic of China", "PRC", "Mainland China"]),
    ("158", &["Taiwan, Province of China", "Chinese Taipei"]),
    ("178", &["Republic of the Congo", "Congo (Brazzaville)", "Congo, Rep."]),
    (
        "180",
        &[
            "Democratic Republic of the Congo",
            "DR Congo",
            "DRC",
            "Congo, The Democratic Republic of the",
            "Congo (Kinshasa)",
            "Congo, Dem. Rep.",
        ],
    ),
    ("203", &["Czech Republic"]),
    ("214", &["Dominican Republic"]),
    ("226", &["Equatorial Guinea"]),
    ("238", &["Falkland Islands", "Falkland Islands (Malvinas)"]),
    (
        "260",
        &["French Southern Territories", "French Southern and Antarctic Lands"],
    ),
    (
        "275",
        &[
            "State of Palestine",
            "Palestine, State of",
            "Palestinian Territories",
            "West Bank and Gaza",
        ],
    ),
    (
        "364",
        &[
            "Iran, Islamic Republic of",
            "Islamic Republic of Iran",
            "Iran, Islamic Rep.",
        ],
    ),
    ("372", &["Republic of Ireland", "Éire"]),
    ("384", &["Ivory Coast"]),
    (
        "408",
        &[
            "Korea, Democratic People's Republic of",
            "Democratic People's Republic of Korea",
            "DPRK",
            "Korea, Dem. People's Rep.",
        ],
    ),
    (
        "410",
        &["Korea, Republic of", "Republic of Korea", "Korea", "Korea, Rep."],
    ),
    ("417", &["Kyrgyz Republic"]),
    ("418", &["Lao", "Lao PDR", "Lao People's Democratic Republic"]),
    ("498", &["Moldova, Republic of", "Republic of Moldova"]),
    ("528", &["Holland"]),
    ("626", &["East Timor"]),
    ("643", &["Russian Federation"]),
    ("703", &["Slovak Republic"]),
    ("704", &["Viet Nam"]),
    ("728", &["South Sudan"]),
    ("732", &["Western Sahara"]),
    ("748", &["Swaziland"]),
    ("760", &["Syrian Arab Republic"]),
    ("762", &["Tadjikistan"]),
    ("784", &["UAE", "U.A.E.", "Emirates"]),
    ("792", &["Türkiye", "Turkiye"]),
    ("807", &["North Macedonia", "Republic of North Macedonia", "FYROM"]),
    ("818", &["Egypt, Arab Rep."]),
    (
        "826",
        &[
            "UK",
            "U.K.",
            "Great Britain",
            "Britain",
            "England",
            "United Kingdom of Great Britain and Northern Ireland",
        ],
    ),
    ("834", &["Tanzania, United Republic of", "United Republic of Tanzania"]),
    ("840", &["USA", "U.S.A.", "U.S.", "United States", "America"]),
    (
        "862",
        &[
            "Venezuela, Bolivarian Republic of",
            "Bolivarian Republic of Venezuela",
            "Venezuela, RB",
        ],
    ),
    ("887", &["Yemen, Rep."]),
    ("Kosovo", &["XK", "XKX"]),
];

/// The FIPS number of a state and other names of it.
pub(super) const STATE_NAMES: &[(&str, &[&str])] = &[
    ("11", &["Washington, D.C.", "D.C."]),
    ("69", &["Northern Mariana Islands"]),
    ("78", &["U.S. Virgin Islands", "Virgin Islands"]),
];
